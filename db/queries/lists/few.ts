/** Up to so many candidates are looked at one by one; more than that, and a list is walked in its order. */
export const FEW = 4_000;
