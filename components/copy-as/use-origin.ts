/** The address of this server, as the browser knows it. */
import { useSyncExternalStore } from "react";

const never = () => () => {};

/** Scheme, host and port; empty while the page is not in a browser yet. */
export const useOrigin = (): string =>
  useSyncExternalStore(
    never,
    () => location.origin,
    () => "",
  );
