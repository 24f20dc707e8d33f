//! A mosquitto instance for one test.

use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::harness::{free_port, until};

/// A broker's configuration; by default it lets everybody in.
#[derive(Default)]
pub struct Setup {
    /// Users and passwords; if empty, clients are anonymous.
    pub users: Vec<(&'static str, &'static str)>,
    /// An access control list in mosquitto's format.
    pub acl: Option<&'static str>,
    /// Certificate and key in PEM; if set, the port speaks TLS.
    pub tls: Option<(String, String)>,
    /// The only filters that clients may subscribe to. (mosquitto's ACL file does not restrict SUBSCRIBE, but its
    /// dynamic security plugin does.)
    pub may_subscribe: Option<Vec<&'static str>>,
    /// More lines of the configuration file.
    pub extra: &'static str,
    /// More listeners, at the end of the configuration file.
    pub listeners: String,
}

/// A running mosquitto, stopped at the end of the test.
pub struct Broker {
    pub port: u16,
    directory: tempfile::TempDir,
    process: Option<Child>,
}

impl Broker {
    /// Starts a broker that lets everybody in.
    pub fn start() -> Self {
        Self::with(&Setup::default())
    }

    /// Starts a broker with this setup on its own port.
    pub fn with(setup: &Setup) -> Self {
        let mut broker = Self { port: free_port(), directory: tempfile::tempdir().unwrap(), process: None };
        broker.configure(setup);
        broker.restart();
        broker
    }

    /// Restarts the broker on the same port, with nothing kept.
    pub fn restart(&mut self) {
        assert!(self.process.is_none(), "kill it first");
        let log = fs::File::create(self.path("log")).unwrap();
        let child = Command::new(find("mosquitto", "mosquitto"))
            .arg("-c")
            .arg(self.path("conf"))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.process = Some(child);
        let conf = fs::read_to_string(self.path("conf")).unwrap();
        let ports =
            conf.lines().filter_map(|line| line.strip_prefix("listener ")?.split(' ').next()?.parse().ok());
        for port in ports.filter(|port| *port != 0u16) {
            until(
                || format!("mosquitto listens on {port}:\n{}", self.log()),
                || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok(),
            );
        }
    }

    /// Kills the broker, as a crash would.
    pub fn kill(&mut self) {
        let mut child = self.process.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// The broker's log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// The path of a file in the broker's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    fn configure(&self, setup: &Setup) {
        let Setup { users, acl, tls, may_subscribe, extra, listeners } = setup;
        let mut conf = format!(
            "per_listener_settings false\nlistener {} 127.0.0.1\npersistence false\nlog_type all\nset_tcp_nodelay true\nmax_queued_messages 1000000\n{extra}\n",
            self.port
        );
        if is_root() {
            conf += "user root\n"; // Otherwise it would switch to a user that cannot read this directory.
        }
        if let Some((certificate, key)) = tls {
            writeln!(conf, "certfile {}", self.write("certificate", certificate)).unwrap();
            writeln!(conf, "keyfile {}", self.write("key", key)).unwrap();
        }
        writeln!(conf, "allow_anonymous {}", users.is_empty()).unwrap();
        if !users.is_empty() {
            writeln!(conf, "password_file {}", self.password_file(users)).unwrap();
        }
        if let Some(acl) = acl {
            writeln!(conf, "acl_file {}", self.write("acl", acl)).unwrap();
        }
        if let Some(filters) = may_subscribe {
            let plugin = find_plugin();
            let config = self.write("security", &security(filters));
            writeln!(conf, "plugin {}\nplugin_opt_config_file {config}", plugin.display()).unwrap();
        }
        conf += listeners;
        self.write("conf", &conf);
    }

    fn password_file(&self, users: &[(&str, &str)]) -> String {
        let path = self.write("passwords", "");
        for (user, password) in users {
            let status = Command::new(find("mosquitto_passwd", "mosquitto"))
                .args(["-b", &path, user, password])
                .status()
                .unwrap();
            assert!(status.success(), "mosquitto_passwd failed");
        }
        path
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if self.process.is_some() {
            self.kill();
        }
    }
}

/// The dynamic security plugin's file: clients without a name may do everything except subscribe outside `filters`.
fn security(filters: &[&str]) -> String {
    let acls: Vec<_> = filters
        .iter()
        .map(|filter| serde_json::json!({"acltype": "subscribePattern", "topic": filter, "allow": true}))
        .collect();
    serde_json::json!({
        "defaultACLAccess": {
            "publishClientSend": true, "publishClientReceive": true, "subscribe": false, "unsubscribe": true
        },
        "roles": [{"rolename": "guest", "acls": acls}],
        "groups": [{"groupname": "guests", "roles": [{"rolename": "guest"}]}],
        "anonymousGroup": "guests",
        "clients": [],
    })
    .to_string()
}

/// The path of one of mosquitto's programs; fails with the name of the package to install.
pub fn find(program: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian installs the broker where only root's PATH leads.
    let beside = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"].map(PathBuf::from);
    std::env::split_paths(&path)
        .chain(beside)
        .map(|directory| directory.join(program))
        .find(|candidate| candidate.is_file())
        .unwrap_or_else(|| {
            panic!("these tests need the program {program}: install the package {package} (Debian: apt-get install {package})")
        })
}

fn find_plugin() -> PathBuf {
    let name = "mosquitto_dynamic_security.so";
    let directories = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    directories
        .chain([PathBuf::from("/usr/local/lib"), PathBuf::from("/opt/homebrew/lib")])
        .map(|directory| directory.join(name))
        .find(|candidate| candidate.is_file())
        .unwrap_or_else(|| panic!("these tests need {name}, which the package mosquitto brings"))
}

fn is_root() -> bool {
    Path::new("/proc/self").metadata().is_ok_and(|metadata| {
        #[cfg(unix)]
        return std::os::unix::fs::MetadataExt::uid(&metadata) == 0;
        #[cfg(not(unix))]
        return false;
    })
}
