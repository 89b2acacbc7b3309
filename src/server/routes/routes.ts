import type { Route } from '../route.ts'
import { healthRoutes } from './health-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { lifecycleRoutes } from './lifecycle-routes.ts'
import { recordRoutes } from './record-routes.ts'
import { scopeRoutes } from './scope-routes.ts'

/** Every route of the server, but for the pages that describe it. */
export const routes: readonly Route[] = [
  ...keyRoutes,
  ...lifecycleRoutes,
  ...scopeRoutes,
  ...recordRoutes,
  ...healthRoutes,
]
