/** Whether an error says where in the file it went wrong, or which limit, choice or lack it is about. */
export function namesPlace(params: object): boolean {
  const places = ['offset', 'line', 'limit', 'choices', 'contents'];
  return places.some((place) => place in params) || Object.keys(params).join() === 'name';
}
