import getUrl from "../../../src/modules/files/get-url.ts";
import { describeCases } from "../harness.ts";

const certain = "check fails, too, since apply would";

describeCases(
  "get_url",
  { get_url: getUrl },
  {
    "get_url-mode-same": "check says what apply does: the mode changes",
    "get_url-sum-bad": certain,
    "get_url-sum-bad-existing": certain,
    "get_url-sum-algo": certain,
    "get_url-query": "what follows ? in a file URL is no part of the path",
  },
);
