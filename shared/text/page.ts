// Words of the page that belong to no error, plan or result.

export const productName = 'Rekindle';
