/** Every drawing by its file's name, as SVG. */
export function drawGuides(): Record<string, string>;
