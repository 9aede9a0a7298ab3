// How large what callers send may be, through every door.

/** The largest request, and of a conversation the largest turn, as it is sent, in bytes: 4 MiB. */
export const largestRequest = 4 * 1024 * 1024;
