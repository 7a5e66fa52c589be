/** Screens besides the map, by address. Parameters of the pattern become props. */
import type { ComponentType } from "preact";
import { AccountScreen } from "./account/AccountScreen";
import { LinkScreen } from "./account/LinkScreen";
import { PeopleScreen } from "./account/PeopleScreen";
import { SignInScreen } from "./account/SignInScreen";
import { AuditScreen } from "./audit/AuditScreen";
import { ConnectScreen } from "./connect/ConnectScreen";
import { EditScreen } from "./edit/EditScreen";
import { HistoryScreen } from "./history/HistoryScreen";
import { ImportScreen } from "./import/ImportScreen";
import { JobsScreen } from "./jobs/JobsScreen";
import { GatePage } from "./page/GatePage";
import { MarkerPage } from "./page/MarkerPage";
import { ProjectPage } from "./page/ProjectPage";
import { EmbedScreen } from "./partners/EmbedScreen";
import { PartnerScreen } from "./partners/PartnerScreen";
import { PartnersScreen } from "./partners/PartnersScreen";
import { ProposalScreen } from "./proposals/ProposalScreen";
import { ProposalsScreen } from "./proposals/ProposalsScreen";

export interface PageRoute {
  pattern: string;
  // biome-ignore lint/suspicious/noExplicitAny: each screen names its own parameters
  screen: ComponentType<any>;
}

export const PAGE_ROUTES: PageRoute[] = [
  { pattern: "/connect", screen: ConnectScreen },
  { pattern: "/sign-in", screen: SignInScreen },
  { pattern: "/link", screen: LinkScreen },
  { pattern: "/account", screen: AccountScreen },
  { pattern: "/people", screen: PeopleScreen },
  { pattern: "/edit/:layer", screen: EditScreen },
  { pattern: "/edit/:layer/:id", screen: EditScreen },
  { pattern: "/history", screen: HistoryScreen },
  { pattern: "/history/:layer/:id", screen: HistoryScreen },
  { pattern: "/audit", screen: AuditScreen },
  { pattern: "/import", screen: ImportScreen },
  { pattern: "/import/:id", screen: ImportScreen },
  { pattern: "/jobs", screen: JobsScreen },
  { pattern: "/proposals", screen: ProposalsScreen },
  { pattern: "/proposals/:id", screen: ProposalScreen },
  { pattern: "/partners", screen: PartnersScreen },
  { pattern: "/partners/:code", screen: PartnerScreen },
  { pattern: "/partners/:code/embed", screen: EmbedScreen },
  { pattern: "/markers/:id", screen: MarkerPage },
  { pattern: "/gates/:id", screen: GatePage },
  { pattern: "/projects/:id", screen: ProjectPage },
];
