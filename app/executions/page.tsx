import { ExecutionsPage } from "@/components/executions/executions-page";

export const metadata = { title: "Executions" };

export default ExecutionsPage;
