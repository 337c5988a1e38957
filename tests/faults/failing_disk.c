/* Makes the disk fail: stands before the calls that change files below one folder.
 *
 * disk_arm(root, at, error, lasting) counts the calls from then on. The call with number
 * `at` (from 1) fails with `error`; when `lasting` is not 0, so do all that come after it.
 * With `at` 0 calls are only counted. disk_calls() tells how many there were.
 *
 * Every library of the process is under it: Python, SQLite, RocksDB.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char root[PATH_MAX];
static size_t root_length;
static long fail_at;
static int fail_with, fail_on;
static atomic_long calls;

void disk_arm(const char *folder, long at, int error, int lasting) {
    root_length = 0;
    snprintf(root, sizeof root, "%s", folder);
    fail_at = at, fail_with = error, fail_on = lasting;
    atomic_store(&calls, 0);
    root_length = strlen(root);
}

long disk_calls(void) { return atomic_load(&calls); }

static int count(void) {
    long now = atomic_fetch_add(&calls, 1) + 1;
    if (!fail_at || now < fail_at || (now > fail_at && !fail_on)) return 0;
    errno = fail_with;
    return 1;
}

static int path_fails(const char *path) {
    return root_length && path && !strncmp(path, root, root_length) && count();
}

static int file_fails(int file) {
    char link[64], path[PATH_MAX];
    if (!root_length) return 0;
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0) return 0;
    path[length] = 0;
    return path_fails(path);
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define ON_FILE(type, name, parameters, arguments) \
    type name parameters { \
        REAL(name); \
        return file_fails(file) ? -1 : real arguments; \
    }

#define ON_PATH(name, parameters, arguments) \
    int name parameters { \
        REAL(name); \
        return path_fails(path) ? -1 : real arguments; \
    }

ON_FILE(ssize_t, write, (int file, const void *data, size_t size), (file, data, size))
ON_FILE(ssize_t, writev, (int file, const struct iovec *data, int parts), (file, data, parts))
ON_FILE(ssize_t, pwrite, (int file, const void *data, size_t size, off_t at),
        (file, data, size, at))
ON_FILE(ssize_t, pwrite64, (int file, const void *data, size_t size, off64_t at),
        (file, data, size, at))
ON_FILE(int, fsync, (int file), (file))
ON_FILE(int, fdatasync, (int file), (file))
ON_FILE(int, ftruncate, (int file, off_t size), (file, size))
ON_FILE(int, ftruncate64, (int file, off64_t size), (file, size))
ON_FILE(int, fallocate, (int file, int mode, off_t from, off_t size), (file, mode, from, size))
ON_PATH(rename, (const char *path, const char *to), (path, to))
ON_PATH(link, (const char *path, const char *to), (path, to))
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode))

int symlink(const char *target, const char *path) {
    REAL(symlink);
    return path_fails(path) ? -1 : real(target, path);
}

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT); \
        return writes && path_fails(path) ? -1 : real(path, flags, mode); \
    }

OPENS(open)
OPENS(open64)
