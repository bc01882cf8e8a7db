# A pseudo-terminal that does as it is told, a line of standard input at a time; what arrives is printed as hex.
import fcntl, os, pty, select, sys, termios

master, slave = pty.openpty()
attributes = termios.tcgetattr(slave)
attributes[3] &= ~(termios.ECHO | termios.ICANON)
termios.tcsetattr(slave, termios.TCSANOW, attributes)
# From here on whoever opens it sets it up: what is written back now would undo that.
print(os.ttyname(slave), flush=True)
watched = [sys.stdin, master]
while True:
    ready, _, _ = select.select(watched, [], [])
    if master in ready:
        print("got " + os.read(master, 4096).hex(), flush=True)
    if sys.stdin not in ready:
        continue
    word, _, rest = sys.stdin.readline().strip().partition(" ")
    if word == "send":
        os.write(master, bytes.fromhex(rest))
    elif word == "exclusive":
        fcntl.ioctl(slave, termios.TIOCEXCL)
    elif word == "lock":
        fcntl.flock(slave, fcntl.LOCK_EX | fcntl.LOCK_NB)
    elif word == "speed":
        print(f"speed {termios.tcgetattr(slave)[5]}", flush=True)
        continue
    elif word == "vanish":
        os.close(master)
        watched.remove(master)
    elif word == "":
        break
    print("done", flush=True)
