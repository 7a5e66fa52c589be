/** The little of a browser that modules touch when they are imported; for tests alone. */
const nothing = () => undefined;

Object.assign(globalThis, {
  location: { pathname: "/", search: "", origin: "http://127.0.0.1:8000" },
  localStorage: { getItem: () => null, setItem: nothing },
  document: { documentElement: { lang: "", dataset: {} } },
  addEventListener: nothing,
});
