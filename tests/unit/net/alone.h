/*
 * A network of our own in which every address is this machine, and a count of
 * the connections that were tried: a packet socket sees each SYN, whatever
 * became of it.
 */
#ifndef TESTS_UNIT_NET_ALONE_H
#define TESTS_UNIT_NET_ALONE_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static inline bool
alone_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	ssize_t n = fd == -1 ? -1 : write(fd, text, strlen(text));

	if (fd != -1)
		close(fd);
	return n == (ssize_t)strlen(text);
}

/* Namespaces of our own; one of users, too, for who is not root. */
static inline bool
alone_unshare(void)
{
	char map[64];
	unsigned uid = geteuid(), gid = getegid();

	if (uid == 0)
		return unshare(CLONE_NEWNET | CLONE_NEWNS) == 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) == -1)
		return false;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	if (!alone_write("/proc/self/setgroups", "deny") ||
	    !alone_write("/proc/self/uid_map", map))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", gid);
	return alone_write("/proc/self/gid_map", map);
}

/* A file of ours in place of the system's, for us alone. */
static inline bool
alone_replace(const char *path, const char *text)
{
	char name[] = "/tmp/alone-XXXXXX";
	int fd = mkstemp(name);
	bool ok = fd != -1 && fchmod(fd, 0644) == 0 &&
		  alone_write(name, text) &&
		  mount(name, path, "none", MS_BIND, NULL) == 0;

	if (fd != -1) {
		close(fd);
		unlink(name);
	}
	return ok;
}

static inline bool
alone_run(const char *commands)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", commands, NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* NULL, or why it cannot be had here. */
static inline const char *
alone_begin(void)
{
	if (!alone_unshare())
		return "namespaces are not allowed here; root may make them";
	if (mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == -1)
		return "mounts of our own are not allowed here";
	if (!alone_run("ip link set lo up && "
		       "ip route add local default dev lo && "
		       "ip -6 route add local default dev lo && "
		       "ip route add unreachable 93.184.215.15 table local"))
		return "ip(8) is not there, or may not set up a network";
	return NULL;
}

/* ---- SYNs ---- */

/* The sender's side of lo: SYN without ACK, over IPv4 or IPv6. */
static inline int
syn_open(void)
{
	static const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 14),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 6, 5, 0),
		/* IPv4 */
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 9),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, 13),
		BPF_JUMP(BPF_JMP | BPF_JA, 3, 0, 0),
		/* IPv6 */
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 4),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 40 + 13),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x12),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x02, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]),
		.filter = (struct sock_filter *)(uintptr_t)code };
	int size = 1 << 24;
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    htons(ETH_P_ALL));

	if (fd == -1)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
		sizeof(program)) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Where the next SYN went to, as text; false: no more for now. */
static inline bool
syn_next(int fd, char to[INET6_ADDRSTRLEN])
{
	uint8_t packet[128];
	ssize_t n = recv(fd, packet, sizeof(packet), 0);

	if (n < 20)
		return false;
	if (packet[0] >> 4 == 4)
		return inet_ntop(AF_INET, packet + 16, to, INET6_ADDRSTRLEN) !=
		       NULL;
	return inet_ntop(AF_INET6, packet + 24, to, INET6_ADDRSTRLEN) != NULL;
}

/* Packets that came too fast for us to see. */
static inline unsigned
syn_lost(int fd)
{
	struct tpacket_stats stats = { 0 };
	socklen_t size = sizeof(stats);

	if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) == -1)
		return ~0u;
	return stats.tp_drops;
}

#endif
