/** The screens by address; the code of each comes when it is first asked for. */
import type { ComponentType } from "preact";
import { match } from "../router";
import { MAP_PATHS } from "../state/screen";

// biome-ignore lint/suspicious/noExplicitAny: each screen names its own parameters
export type Screen = ComponentType<any>;
export type Load = () => Promise<Screen>;

interface Route {
  pattern: string;
  load: Load;
  bare?: boolean; // stands in a frame of another site, without the ways to other screens
}

const map: Load = () => import("./map/MapScreen").then((of) => of.MapScreen);
const edit: Load = () => import("./edit/EditScreen").then((of) => of.EditScreen);
const history: Load = () => import("./history/HistoryScreen").then((of) => of.HistoryScreen);
const imports: Load = () => import("./import/ImportScreen").then((of) => of.ImportScreen);

const ROUTES: Route[] = [
  ...MAP_PATHS.map((pattern) => ({ pattern, load: map })),
  {
    pattern: "/connect",
    load: () => import("./connect/ConnectScreen").then((of) => of.ConnectScreen),
  },
  {
    pattern: "/sign-in",
    load: () => import("./account/SignInScreen").then((of) => of.SignInScreen),
  },
  { pattern: "/link", load: () => import("./account/LinkScreen").then((of) => of.LinkScreen) },
  {
    pattern: "/account",
    load: () => import("./account/AccountScreen").then((of) => of.AccountScreen),
  },
  {
    pattern: "/people",
    load: () => import("./account/PeopleScreen").then((of) => of.PeopleScreen),
  },
  { pattern: "/edit/:layer", load: edit },
  { pattern: "/edit/:layer/:id", load: edit },
  { pattern: "/history", load: history },
  { pattern: "/history/:layer/:id", load: history },
  { pattern: "/audit", load: () => import("./audit/AuditScreen").then((of) => of.AuditScreen) },
  { pattern: "/import", load: imports },
  { pattern: "/import/:id", load: imports },
  { pattern: "/jobs", load: () => import("./jobs/JobsScreen").then((of) => of.JobsScreen) },
  {
    pattern: "/proposals",
    load: () => import("./proposals/ProposalsScreen").then((of) => of.ProposalsScreen),
  },
  {
    pattern: "/proposals/:id",
    load: () => import("./proposals/ProposalScreen").then((of) => of.ProposalScreen),
  },
  {
    pattern: "/partners",
    load: () => import("./partners/PartnersScreen").then((of) => of.PartnersScreen),
  },
  {
    pattern: "/partners/:code",
    load: () => import("./partners/PartnerScreen").then((of) => of.PartnerScreen),
  },
  {
    pattern: "/partners/:code/embed",
    load: () => import("./partners/EmbedScreen").then((of) => of.EmbedScreen),
    bare: true,
  },
  { pattern: "/markers/:id", load: () => import("./page/MarkerPage").then((of) => of.MarkerPage) },
  { pattern: "/gates/:id", load: () => import("./page/GatePage").then((of) => of.GatePage) },
  {
    pattern: "/projects/:id",
    load: () => import("./page/ProjectPage").then((of) => of.ProjectPage),
  },
];

export interface Found extends Route {
  params: Record<string, string>;
}

/** The screen of an address, with the parameters of its pattern; null where there is none. */
export function screenAt(address: string): Found | null {
  for (const route of ROUTES) {
    const params = match(route.pattern, address);
    if (params) return { ...route, params };
  }
  return null;
}
