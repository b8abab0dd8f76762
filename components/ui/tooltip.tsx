/** A short word about a control, on hover and on focus; what draws it comes with the first one. */
"use client";

import {
  cloneElement,
  type DOMAttributes,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useState,
  useSyncExternalStore,
} from "react";
import {
  dropTip,
  isTipPressed,
  leaveTip,
  listenToTip,
  pressTip,
  retell,
  type Side,
  shownTip,
  wantTip,
} from "./tooltip-store";

const loadWindow = () => import("./tooltip-window").then((module) => module.TooltipWindow);

type Handled = DOMAttributes<Element> & { readonly "aria-describedby"?: string | undefined };

interface TooltipProps {
  readonly content: ReactNode;
  /** One element that can be focused and hands its handlers on. */
  readonly children: ReactElement;
  readonly side?: Side;
}

export function Tooltip(props: TooltipProps) {
  const { content, children } = props;
  if (content === null || content === undefined || content === "") return children;
  return <Described {...props} />;
}

function Described({ content, children, side = "top" }: TooltipProps) {
  const id = useId();
  const isShown = useSyncExternalStore(
    listenToTip,
    () => shownTip()?.id === id,
    () => false,
  );
  useEffect(() => retell(id, content), [id, content]);
  useEffect(
    () => () => {
      if (shownTip()?.id === id) dropTip();
    },
    [id],
  );
  const own = children.props as Handled;
  const want = (anchor: Element, by: "pointer" | "keyboard") => {
    wantTip({ id, anchor, content, side }, by);
    void loadWindow().catch(() => {});
  };
  const described = [own["aria-describedby"], isShown ? id : undefined].filter(Boolean).join(" ");
  return cloneElement(children as ReactElement<Handled>, {
    "aria-describedby": described === "" ? undefined : described,
    onPointerEnter: (event: PointerEvent) => {
      own.onPointerEnter?.(event);
      if (event.pointerType !== "touch") want(event.currentTarget, "pointer");
    },
    onPointerLeave: (event: PointerEvent) => {
      own.onPointerLeave?.(event);
      leaveTip();
    },
    onPointerDown: (event: PointerEvent) => {
      own.onPointerDown?.(event);
      pressTip();
    },
    onFocus: (event: FocusEvent) => {
      own.onFocus?.(event);
      if (!isTipPressed()) want(event.currentTarget, "keyboard");
    },
    onBlur: (event: FocusEvent) => {
      own.onBlur?.(event);
      dropTip();
    },
  });
}

/** Where the tooltip of the page is drawn, once somebody wanted one. */
export function TooltipLayer() {
  const tip = useSyncExternalStore(listenToTip, shownTip, () => null);
  const [Window, setWindow] = useState<Awaited<ReturnType<typeof loadWindow>> | null>(null);
  const isWanted = tip !== null;
  useEffect(() => {
    if (!isWanted) return;
    // Without its drawing a control still has its name; it is tried again with the next one.
    loadWindow().then(
      (loaded) => setWindow(() => loaded),
      () => {},
    );
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape") dropTip();
    };
    window.addEventListener("keydown", leave, true);
    return () => window.removeEventListener("keydown", leave, true);
  }, [isWanted]);
  return tip !== null && Window !== null ? <Window key={tip.id} tip={tip} /> : null;
}
