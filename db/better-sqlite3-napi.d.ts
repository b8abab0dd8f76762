/** The newer driver has the interface of the older one, whose types are the only ones there are. */
declare module "better-sqlite3-napi" {
  import Database from "better-sqlite3";
  export default Database;
}
