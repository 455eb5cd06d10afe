/** How long anything is waited for that has no better bound; a client comes back after 2 to 4 seconds. */
export const PATIENCE = 30_000;

/**
 * What a promise gives, or a failure that names what did not happen in time.
 *
 * @param what a text, or a function that gives one when it is too late
 */
export async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not within ${ms / 1000} s: ${typeof what === 'function' ? what() : what}`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
