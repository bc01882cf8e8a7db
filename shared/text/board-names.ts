// Boards by name, where one has to be told from others.

/** `Pytrack 2X ("PYTRACK 2X" is printed on it)` */
export function boardChoiceText(choice: {
  readonly name: string;
  readonly printed: string | undefined;
}): string {
  return choice.printed === undefined ? choice.name : `${choice.name} ("${choice.printed}" is printed on it)`;
}
