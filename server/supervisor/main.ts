/** The supervisor process. */
import { up } from "./up";

process.exitCode = await up(process.argv.slice(2));
