/** Screens besides the map, by address. Parameters of the pattern become props. */
import type { ComponentType } from "preact";

export interface PageRoute {
  pattern: string;
  // biome-ignore lint/suspicious/noExplicitAny: each screen names its own parameters
  screen: ComponentType<any>;
}

export const PAGE_ROUTES: PageRoute[] = [];
