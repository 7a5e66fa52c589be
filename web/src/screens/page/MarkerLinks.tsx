import { href } from "../../router";
import { markerNumber } from "./format";

/** Markers by their numbers, each a link to its page; what is not an id stays text. */
export function MarkerLinks({ ids }: { ids: string[] }) {
  return (
    <>
      {ids.map((id, i) => {
        const number = markerNumber(id);
        return (
          <span key={id}>
            {i > 0 && ", "}
            {number ? <a href={href(`/markers/${id}`)}>{number}</a> : id}
          </span>
        );
      })}
    </>
  );
}
