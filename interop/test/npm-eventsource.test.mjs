import { npmClient } from '../lib/npm-client.mjs';
import { everyClient } from './every-client.mjs';

everyClient(npmClient(4));
everyClient(npmClient(5));
