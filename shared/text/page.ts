// Words of the page that belong to no error, plan or result.

export const productName = 'Rekindle';

/** What the marks of a checklist say to those who do not see them. */
export const checkWords = {
  good: 'Fine:',
  bad: 'This is it:',
  open: 'To check:',
  unknown: 'Cannot be seen from here:',
} as const;
