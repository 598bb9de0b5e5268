package dev.weft.runtime.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What to do once, so that pods get namespaces; files of the kernel are read for the words alone. */
final class Remedies {

    private static final String APPARMOR = "proc/sys/kernel/apparmor_restrict_unprivileged_userns";
    private static final String CLONE = "proc/sys/kernel/unprivileged_userns_clone";
    private static final String USER_NAMESPACES = "proc/self/ns/user";
    private static final String NAMESPACES_MAX = "proc/sys/user/max_user_namespaces";

    /** Packet rules are the only thing asked of nf_tables; see Steering. */
    private static final String PACKET_RULES = "nf_tables";

    private final Path root;
    private final boolean linux;
    private final boolean superuser;
    private final String launcher;

    /**
     * Of a machine.
     *
     * @param root its files
     * @param launcher the path of {@code ./weft}
     */
    Remedies(Path root, boolean linux, boolean superuser, String launcher) {
        this.root = root;
        this.linux = linux;
        this.superuser = superuser;
        this.launcher = launcher;
    }

    private static Remedies ofThisMachine() {
        return new Remedies(
                Path.of("/"),
                System.getProperty("os.name").equals("Linux"),
                System.getProperty("user.name").equals("root"),
                Path.of(System.getProperty("weft.home", "")).resolve("weft").toString());
    }

    /** For pid namespaces. */
    static String forNamespaces() {
        return ofThisMachine().of("");
    }

    /** @param refusal what the kernel said */
    static String forNetworks(String refusal) {
        return ofThisMachine().of(refusal);
    }

    String of(String refusal) {
        if (!linux) {
            return "Run Weft on Linux, for example in a virtual machine (Lima, Multipass, WSL 2).";
        }
        if (refusal.contains(PACKET_RULES) && !refusal.contains("EPERM")) {
            return "The kernel lacks packet rules that pods need: sudo modprobe -a nf_tables nft_chain_nat nft_redir"
                    + " nft_reject_inet nft_tproxy, or Linux 5.2 or newer with these modules (the first to redirect IPv4 and IPv6"
                    + " in one table).";
        }
        if (container()) {
            return "In a container: --cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt apparmor=unconfined, or --privileged.";
        }
        if (!superuser && read(APPARMOR).equals("1")) {
            return appArmor();
        }
        if (!superuser && !Files.exists(root.resolve(USER_NAMESPACES))) {
            return "The kernel was built without user namespaces (CONFIG_USER_NS): run Weft as root, or on another kernel.";
        }
        if (!superuser && read(CLONE).equals("0")) {
            return "The kernel forbids it to ordinary users: sudo sysctl kernel.unprivileged_userns_clone=1";
        }
        if (read(NAMESPACES_MAX).equals("0")) {
            return "The kernel allows no user namespaces: sudo sysctl user.max_user_namespaces=10000";
        }
        return "Install util-linux (unshare, nsenter and setpriv)"
                + (superuser ? ", and run with CAP_SYS_ADMIN and CAP_NET_ADMIN." : ".");
    }

    /** Ready to paste: a profile for the launcher alone, as Ubuntu 24.04 wants one for each program that makes namespaces. */
    private String appArmor() {
        return """
                AppArmor forbids user namespaces to programs without a profile. Give %s one, once:
                  sudo tee /etc/apparmor.d/weft <<'END'
                  abi <abi/4.0>,
                  include <tunables/global>
                  profile weft %s flags=(unconfined) {
                    userns,
                  }
                  END
                  sudo apparmor_parser -r /etc/apparmor.d/weft
                (where /etc/apparmor.d has a profile for unshare itself, that one holds instead), or allow them to all programs: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0""".formatted(launcher, quoted(launcher));
    }

    /** As profiles write names with blanks in them. */
    private static String quoted(String path) {
        return path.contains(" ") ? '"' + path + '"' : path;
    }

    private boolean container() {
        return Files.exists(root.resolve(".dockerenv")) || Files.exists(root.resolve("run/.containerenv"));
    }

    private String read(String file) {
        try {
            return Files.readString(root.resolve(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
