/** Sizes of the table of a comparison in pixels; every line is of one height, so that those out of view need not exist. */

export const LINE = 32;
export const HEAD = 60;
export const NAME_WIDTH = 232;
export const RUN_WIDTH = 168;
