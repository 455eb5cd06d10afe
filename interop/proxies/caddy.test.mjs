import { behindProxy } from './behind-proxy.mjs';
import { caddy } from './lib/proxies.mjs';

behindProxy(caddy);
