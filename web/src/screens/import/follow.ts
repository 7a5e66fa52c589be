/** Waiting for a job that the server does in the place of an answer. */
import { ApiError, request } from "../../api/client";
import { jobsUrl } from "../../api/urls";
import type { Job } from "../jobs/job";
import type { Done, Progress } from "./types";

const ASK_AGAIN = 1000; // ms
const pause = () => new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));

/** What came of a job, once it has ended; throws an ApiError if it failed or was cancelled. */
export async function follow(begun: Job, tell: (progress: Progress) => void): Promise<Done> {
  let job = begun;
  while (job.state === "waiting" || job.state === "running") {
    tell(job.progress);
    await pause();
    job = await request<Job>(`${jobsUrl}/${job.id}`);
  }
  if (job.state === "done" && job.result?.import) return job.result as Done;
  const { code = job.state, detail = "" } = job.problem ?? {};
  throw new ApiError(409, code, detail, null, [], { ...job.problem });
}
