import { npmClient } from '../lib/npm-client.mjs';
import { everyClient } from './every-client.mjs';

everyClient(npmClient(4), 'netty');
everyClient(npmClient(5), 'jdk');
