/** What the pipeline says about a step: image, command, environment, resources, order, retries, cache. */

import { CodeBlock } from "@/components/ui/code-block";
import { formatDuration } from "@/components/ui/format-time";
import { JsonText } from "@/components/viewers/json-text";
import type { JsonValue, Step } from "@/pipelines/graph";
import { mappedImage } from "@/server/domain/profile";
import type { NoticeView } from "@/server/domain/views/runs";
import { Fact, Facts, Head, Notices, PanelBody } from "./facts";

const mono = (text: string) => <span className="font-mono text-xs">{text}</span>;

function EnvironmentList({ env }: { readonly env: readonly { readonly name: string; readonly value: string }[] }) {
  if (env.length === 0) return null;
  return (
    <>
      <Head>Environment</Head>
      <Facts>
        {env.map(({ name, value }) => (
          <Fact key={name} name={name}>
            {mono(value)}
          </Fact>
        ))}
      </Facts>
    </>
  );
}

function Resources({ resources }: { readonly resources: { readonly [key: string]: JsonValue } | undefined }) {
  if (resources === undefined || Object.keys(resources).length === 0) return null;
  return (
    <>
      <Head>Resources</Head>
      <Facts>
        {Object.entries(resources).map(([name, value]) => (
          <Fact key={name} name={name}>
            <JsonText value={value} />
          </Fact>
        ))}
      </Facts>
    </>
  );
}

type ImageMap = { readonly [image: string]: string };

/** The image that a step names, and the one that the run's profile puts in its place. */
function Image({ image, map }: { readonly image: string; readonly map: ImageMap }) {
  const mapped = mappedImage(image, { imageMap: map });
  return (
    <>
      <Fact name="Image">{mono(image)}</Fact>
      {mapped === image ? null : <Fact name="By the profile">{mono(mapped)}</Fact>}
    </>
  );
}

function Body({ step, images }: { readonly step: Step; readonly images: ImageMap }) {
  const { body } = step;
  switch (body.body) {
    case "container":
      return (
        <>
          <Facts>
            <Image image={body.image} map={images} />
            <Fact name="Component">{mono(body.component)}</Fact>
          </Facts>
          <Head>Command, as the pipeline states it</Head>
          <CodeBlock
            text={[...body.command, ...body.args].join("\n")}
            label="the command"
            className="max-h-80 overflow-hidden [&_section]:max-h-80"
          />
          <EnvironmentList env={body.env} />
          <Resources resources={body.resources} />
        </>
      );
    case "file":
      return (
        <>
          <Facts>
            <Fact name="File">{mono(body.file)}</Fact>
            <Fact name="Runs with">{body.runner}</Fact>
            {body.image === null ? null : <Image image={body.image} map={images} />}
            {body.dependencies.length === 0 ? null : (
              <Fact name="Needs files">{mono(body.dependencies.join("  "))}</Fact>
            )}
            {body.outputs.length === 0 ? null : <Fact name="Leaves files">{mono(body.outputs.join("  "))}</Fact>}
            {body.secrets.length === 0 ? null : (
              <Fact name="Secrets">{mono(body.secrets.map((s) => s.env).join("  "))}</Fact>
            )}
            {body.volumes.length === 0 ? null : (
              <Fact name="Volumes">{mono(body.volumes.map((v) => v.path).join("  "))}</Fact>
            )}
          </Facts>
          <EnvironmentList env={body.env} />
          <Resources resources={body.resources} />
        </>
      );
    case "importer":
      return (
        <Facts>
          <Fact name="Imports">
            {mono(body.uri.from === "constant" ? String(body.uri.value) : "a value of the run")}
          </Fact>
          <Fact name="As">{mono(body.artifactType)}</Fact>
        </Facts>
      );
    case "foreign":
      return (
        <>
          <p className="mb-2 text-sm text-dim">Penstock draws this step ({body.what}) and cannot run it.</p>
          <JsonText value={{ ...body.values }} />
        </>
      );
    case "group":
      return null;
  }
}

interface ConfigurationProps {
  readonly step: Step;
  readonly notices: readonly NoticeView[];
  /** Image by image, as the run's profile has them replaced. */
  readonly images: ImageMap;
}

export function Configuration({ step, notices, images }: ConfigurationProps) {
  return (
    <PanelBody>
      {step.description ? <p className="mb-3 text-sm text-dim">{step.description}</p> : null}
      <Body step={step} images={images} />
      <Head>Rules</Head>
      <Facts>
        <Fact name="After">
          {step.dependsOn.length === 0 ? "nothing: it can begin at once" : mono(step.dependsOn.join("  "))}
        </Fact>
        <Fact name="Begins when">
          {step.trigger === "succeeded"
            ? "everything before it succeeded"
            : "everything before it has ended, in any way"}
        </Fact>
        {step.condition === undefined ? null : <Fact name="Only if">{mono(step.condition)}</Fact>}
        {step.loop === undefined ? null : (
          <Fact name="Repeats over">
            {"input" in step.loop.items ? mono(step.loop.items.input) : `${step.loop.items.raw.length} items`}
          </Fact>
        )}
        <Fact name="Retries">
          {step.retry === undefined
            ? "none"
            : `up to ${step.retry.maxRetries}, waiting ${formatDuration(step.retry.backoffMs)} × ${step.retry.backoffFactor}`}
        </Fact>
        <Fact name="Time limit">{step.timeoutMs === undefined ? "none" : formatDuration(step.timeoutMs)}</Fact>
        <Fact name="Cache">
          {step.cache.enabled ? (step.cache.key === undefined ? "on" : `on, key ${step.cache.key}`) : "off"}
        </Fact>
      </Facts>
      {step.platform === undefined ? null : (
        <>
          <Head>For the platform</Head>
          <JsonText value={{ ...step.platform }} />
        </>
      )}
      <Notices title="Not applied in this run" notices={notices} />
    </PanelBody>
  );
}
