/** The page of one row of a layer, and the sheet that such pages share. */
import type { ComponentChildren } from "preact";
import type { Feature, Properties } from "../../api/types";
import { itemUrl } from "../../api/urls";
import { t } from "../../i18n";
import { href } from "../../router";
import { useResource } from "../../state/resource";
import { EditLink } from "../../ui/EditLink";
import { PageOf } from "./PageOf";
import { IndicativeNotice, PlaceFacts } from "./Place";
import { Section, Sheet } from "./Sheet";
import { Sourced, SourceList } from "./Sources";
import { useSources } from "./useSources";

interface PageProps {
  layer: string;
  id: string;
  children: (feature: Feature) => ComponentChildren;
}

export function ItemPage({ layer, id, children }: PageProps) {
  const found = useResource<Feature>(itemUrl(layer, id));
  return (
    <PageOf of={found} asked={id} back={{ path: "/", words: t("app.back_to_map") }}>
      {children}
    </PageOf>
  );
}

interface SheetProps {
  layer: string;
  feature: Feature;
  kind: string; // what it is, in words
  title: string;
  lead: string;
  head: ComponentChildren; // what matters most
  map: ComponentChildren;
  facts: ComponentChildren;
  story: { title: string; body: ComponentChildren };
  rows?: Properties[]; // further rows whose sources are listed
}

export function ItemSheet(props: SheetProps) {
  const { layer, feature, story } = props;
  const sources = useSources([feature.properties, ...(props.rows ?? [])]);
  const key = `${layer}/${feature.id}`;
  return (
    <Sourced.Provider value={sources}>
      <Sheet
        path={`/${key}`}
        kind={props.kind}
        title={props.title}
        back={{ href: href("/", { sel: key }), words: t("app.back_to_map") }}
        lead={<p>{props.lead}</p>}
        actions={<EditLink layer={layer} id={feature.id} />}
      >
        {props.head}
        <IndicativeNotice feature={feature} />
        {props.map}
        <Section title={t("page.where")}>
          <PlaceFacts feature={feature} layer={layer} />
        </Section>
        <Section title={t("page.facts")}>{props.facts}</Section>
        <Section title={story.title}>{story.body}</Section>
        <Section title={t("page.sources")}>
          <SourceList />
        </Section>
      </Sheet>
    </Sourced.Provider>
  );
}
