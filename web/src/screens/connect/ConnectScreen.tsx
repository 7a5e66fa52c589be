/** `/connect`: the ways into this register from GIS, notebooks and spreadsheets. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Params } from "../../api/client";
import { tilesUrl } from "../../api/urls";
import { type Key, t } from "../../i18n";
import { date } from "../../i18n/format";
import { info, label, layer as layerOf, named } from "../../i18n/words";
import { query, setQuery } from "../../router";
import { fileUrl } from "../../state/files";
import { keywordsOf, shownParams } from "../../state/filters";
import { useFormats } from "../../state/formats";
import { asked, FACETS, facets } from "../../state/screen";
import { Icon } from "../../ui/Icon";
import { Frame } from "../page/Frame";
import { Attribution } from "../page/Sheet";
import { Code } from "./Code";
import { gdal, geopandas, notebook, owslib, type Place, sf } from "./ways";
import "./connect.css";

/** Menus and dialogs of the programs, as they name them. */
const QGIS_FEATURES = "Layer → Add Layer → Add WFS / OGC API - Features Layer…";
const QGIS_TILES = "Layer → Add Layer → Add Vector Tile Layer…";
const ARCGIS = "Insert → Connections → Server → New OGC API Server";
const EXCEL = "Data → From Web";
const DEEPEST = 14; // zoom of the tiles beyond which they hold nothing more

const ALL_LEVELS = { level: null }; // the map shows a layer's finest level alone

const askedOf = (layer: string): Params => ({ ...shownParams(layer), ...ALL_LEVELS });

const api = (): string => `${location.origin}/api`;

function Menu({ children }: { children: string }) {
  return (
    <span class="menu" lang="en">
      {children}
    </span>
  );
}

function Way({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="way">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** A sentence whose `{menu}` is the name of a menu. */
function Step({ of, menu }: { of: Key; menu: string }) {
  const [before, after] = t(of).split("{menu}");
  return (
    <li>
      {before}
      <Menu>{menu}</Menu>
      {after}
    </li>
  );
}

function Qgis({ layer, tiles }: { layer: string; tiles: string | null }) {
  return (
    <Way title="QGIS">
      <ol>
        <Step of="connect.qgis.open" menu={QGIS_FEATURES} />
        <li>
          {t("connect.qgis.url")}
          <Code text={api()} name={t("connect.address")} />
        </li>
        <li>{t("connect.qgis.add", { layer })}</li>
      </ol>
      {tiles && (
        <>
          <h3>{t("connect.tiles")}</h3>
          <p class="soft small">{t("connect.tiles.why")}</p>
          <ol>
            <Step of="connect.tiles.open" menu={QGIS_TILES} />
            <li>
              {t("connect.tiles.url", { to: DEEPEST })}
              <Code text={tiles} name={t("connect.tiles.address")} />
            </li>
          </ol>
        </>
      )}
    </Way>
  );
}

function ArcGis({ layer }: { layer: string }) {
  return (
    <Way title="ArcGIS Pro">
      <ol>
        <Step of="connect.arcgis.open" menu={ARCGIS} />
        <li>
          {t("connect.arcgis.url")}
          <Code text={api()} name={t("connect.address")} />
        </li>
        <li>{t("connect.arcgis.add", { layer })}</li>
      </ol>
      <p class="soft small">{t("connect.arcgis.tiles")}</p>
    </Way>
  );
}

function Commands({ place }: { place: Place }) {
  const { layer } = place;
  const keywords = keywordsOf(layer);
  return (
    <>
      <Way title="GDAL">
        <Code text={gdal(place)} name={t("connect.commands", { of: "GDAL" })} runs="shell" />
      </Way>
      <Way title="Python">
        <h3>GeoPandas</h3>
        <Code
          text={geopandas(place)}
          name={t("connect.commands", { of: "GeoPandas" })}
          runs="python"
        />
        <h3>OWSLib</h3>
        <Code
          text={owslib(place, askedOf(layer))}
          name={t("connect.commands", { of: "OWSLib" })}
          runs="python"
        />
        {keywords && (
          <>
            <h3>{t("connect.notebook")}</h3>
            <Code
              text={notebook(layer, { ...keywords, ...ALL_LEVELS })}
              name={t("connect.notebook")}
              runs="python"
            />
          </>
        )}
      </Way>
      <Way title="R">
        <Code text={sf(place)} name={t("connect.commands", { of: "R" })} />
      </Way>
    </>
  );
}

function Files({ layer }: { layer: string }) {
  return (
    <Way title={t("connect.files")}>
      <p class="soft small">{t("connect.files.why")}</p>
      <ul class="formats" data-testid="formats">
        {useFormats(layer).map(({ name, title }) => (
          <li>
            <a class="button" href={fileUrl(layer, name, ALL_LEVELS)} download data-format={name}>
              <Icon name="download" /> {title}
            </a>
          </li>
        ))}
      </ul>
    </Way>
  );
}

function Excel({ layer }: { layer: string }) {
  return (
    <Way title="Excel">
      <ol>
        <Step of="connect.excel.open" menu={EXCEL} />
        <li>
          {t("connect.excel.url")}
          <Code
            text={location.origin + fileUrl(layer, "csv", ALL_LEVELS)}
            name={t("connect.excel.address")}
          />
        </li>
      </ol>
    </Way>
  );
}

/** What the screens before this one were narrowed to, in words. */
function narrowed(): string[] {
  const { province, border, date: day, text } = asked.value;
  const chosen = FACETS.flatMap((facet) =>
    facets.value[facet].map((value) => label(facet, value) || value),
  );
  return [province, border, day && date(day), text && `“${text}”`, ...chosen].filter(
    (one) => typeof one === "string",
  );
}

const NOTHING = {
  province: null, border: null, date: null, text: null, stage: null, condition: null,
  gate_class: null, finance_kind: null,
}; // biome-ignore format: a list of names

function Narrowed() {
  const words = narrowed();
  if (words.length === 0) return <p class="soft small">{t("connect.whole")}</p>;
  return (
    <p class="notice narrowed">
      <span>{t("connect.narrowed", { by: words.join(" · ") })}</span>
      <button type="button" class="button" onClick={() => setQuery(NOTHING)}>
        {t("common.none")}
      </button>
    </p>
  );
}

function LayerField({ layer }: { layer: string }) {
  return (
    <div class="connect-layer">
      <label class="label" for="connect-layer">
        {t("export.layer")}
      </label>
      <select
        id="connect-layer"
        class="field"
        value={layer}
        onChange={(event) => setQuery({ layer: event.currentTarget.value })}
      >
        {info.value?.layers.map((one) => (
          <option value={one.name}>
            {t("connect.layer", { title: named(one, "title"), name: one.name })}
          </option>
        ))}
      </select>
    </div>
  );
}

function chosenLayer(): string {
  const wanted = query.value.get("layer") ?? "markers";
  return layerOf(wanted) ? wanted : "markers";
}

export function ConnectScreen() {
  useEffect(() => {
    document.title = `${t("nav.connect")} · ${t("app.name")}`;
  });
  const layer = chosenLayer();
  const whole = Object.values(askedOf(layer)).every((value) => !value);
  const place = {
    api: api(),
    layer,
    url: whole ? null : location.origin + fileUrl(layer, "geojson", ALL_LEVELS),
  };
  const spatial = layerOf(layer)?.geometry;
  return (
    <Frame>
      <main class="leaf connect">
        <header class="leaf-head">
          <h1>{t("connect.title")}</h1>
          <p class="soft">{t("connect.intro")}</p>
        </header>
        <section class="connect-address" aria-label={t("connect.address")}>
          <Code text={api()} name={t("connect.address")} />
          <p class="connect-links">
            <a class="button plain" href="/api">
              {t("connect.landing")}
            </a>
            <a class="button plain" href="/api/collections">
              {t("connect.collections")}
            </a>
            <a class="button plain" href="/api/openapi.json">
              OpenAPI
            </a>
          </p>
        </section>
        <LayerField layer={layer} />
        <Narrowed />
        <Qgis
          layer={layer}
          tiles={spatial ? location.origin + tilesUrl(layer, askedOf(layer)) : null}
        />
        <ArcGis layer={layer} />
        <Commands place={place} />
        <Excel layer={layer} />
        <Files layer={layer} />
        <footer class="leaf-foot">
          <Attribution />
        </footer>
      </main>
    </Frame>
  );
}
