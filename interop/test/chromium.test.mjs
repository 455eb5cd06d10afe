import { ChromiumClient } from '../lib/chromium-client.mjs';
import { everyClient } from './every-client.mjs';

everyClient(new ChromiumClient(), 'netty');
