/** The reference of the server that runs. */
import type { OpenApiDocument } from "@/server/domain/open-api";
import type { ReferenceView } from "@/server/domain/reference";
import { serverContext } from "@/server/services/runtime";
import { openApiDocument } from "./document";
import { referenceView } from "./view";

export const thisDocument = (): OpenApiDocument => openApiDocument(serverContext().version);
export const thisReference = (): ReferenceView => referenceView(serverContext().version);
