/** Where an error about the values as text leads; apart from the view, which is fetched when it is asked for. */

export const PARAMETERS_TEXT_ID = "parameters-text";
