import { http, httpAnswer, type HttpState } from "../../../resources/http.ts";
import type { Ref } from "../../../resources/resource.ts";
import { arg } from "../../args.ts";
import { defineExpectation, Unmet } from "./expectation.ts";
import { checkText, textKeys } from "./text.ts";

export const httpExpectation = defineExpectation({
  doc: "Answers to a GET that the host itself makes (curl, wget or ftp). Redirections are not followed.",
  bare: "url",
  keys: {
    url: arg.string("http:// or https://.", { required: true }),
    status: arg.list(arg.int("A status."), "The status, or several that will do.", { default: [200] }),
    insecure: arg.bool("Take any certificate.", { default: false }),
    ca: arg.path("File of the host with the certificates to trust."),
    timeout: arg.duration("How long the request may take.", { default: 10 }),
    ...textKeys,
  },
  validate: ({ url, ca, insecure }) => [
    ...(typeof url === "string" && !/^https?:\/\/[^\s\0-\x1f]+$/.test(url)
      ? [`"${url}" is no URL with http:// or https:// and without spaces`]
      : []),
    ...(ca?.includes(" ") === true ? ["the path of ca has a space"] : []),
    ...(ca !== undefined && insecure === true ? ["ca and insecure exclude each other"] : []),
  ],
  needs: (expected) => [refOf(expected) as unknown as Ref],
  unmet(expected, see) {
    const unmet = new Unmet(String(expected.url));
    const answer = httpAnswer(see(refOf(expected)));
    if (answer.status === undefined)
      return unmet.add(`expected an answer, found none (${answer.error ?? "no reason given"})`).list;
    if (!expected.status.includes(answer.status))
      unmet.add(`expected status ${expected.status.join(" or ")}, found ${answer.status}`);
    else checkText(unmet, "the answer", answer.body, expected);
    return unmet.list;
  },
});

interface Named {
  url: string | object;
  ca?: string | undefined;
  insecure: boolean;
  timeout: number;
}

function refOf({ url, ca, insecure, timeout }: Named): Ref<HttpState> {
  return http(String(url), ca === undefined ? { insecure, timeout } : { insecure, timeout, ca });
}
