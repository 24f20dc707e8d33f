//! Tells the program which commit it was built from, and gives the Windows programs icon, version and manifest.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Long paths, UTF-8 in the system's narrow functions, and sharp drawing on every screen.
const MANIFEST: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1">
    <application><supportedOS Id="{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"/></application>
  </compatibility>
  <application xmlns="urn:schemas-microsoft-com:asm.v3">
    <windowsSettings>
      <activeCodePage xmlns="http://schemas.microsoft.com/SMI/2019/WindowsSettings">UTF-8</activeCodePage>
      <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
      <dpiAwareness xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">PerMonitorV2</dpiAwareness>
    </windowsSettings>
  </application>
  <trustInfo xmlns="urn:schemas-microsoft-com:asm.v3">
    <security><requestedPrivileges><requestedExecutionLevel level="asInvoker" uiAccess="false"/></requestedPrivileges></security>
  </trustInfo>
</assembly>
"#;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=MQTTREE_COMMIT");
    // A debug build is for its own machine; without this every commit would build it again.
    let commit = if env::var("PROFILE").is_ok_and(|profile| profile == "debug") { None } else { commit() };
    println!("cargo::rustc-env=MQTTREE_COMMIT={}", commit.unwrap_or_default());
    if env::var("CARGO_CFG_WINDOWS").is_ok() {
        println!("cargo::rerun-if-changed=assets/icon/mqttree.ico");
        add_windows_resources();
    }
}

/// The first nine digits of the commit: as a package says it, as crates.io's archive does, or as git does.
fn commit() -> Option<String> {
    let text = env::var("MQTTREE_COMMIT")
        .ok()
        .filter(|text| !text.is_empty())
        .or_else(of_archive)
        .or_else(of_git)?;
    let digits: String = text.trim().chars().take_while(char::is_ascii_hexdigit).take(9).collect();
    (!digits.is_empty()).then_some(digits)
}

fn of_archive() -> Option<String> {
    let text = fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, after) = text.split_once("\"sha1\"")?;
    Some(after.trim_start_matches([':', ' ', '"']).to_owned())
}

fn of_git() -> Option<String> {
    // A repository around an unpacked archive is somebody else's.
    if !Path::new(".git").exists() {
        return None;
    }
    let git = |arguments: &[&str]| {
        let output =
            Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()
    };
    // It grows with every commit and change of branch, in work trees too.
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]) {
        println!("cargo::rerun-if-changed={}", log.trim());
    }
    git(&["rev-parse", "HEAD"])
}

fn add_windows_resources() {
    let mut resources = winresource::WindowsResource::new();
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    resources
        .set_icon("assets/icon/mqttree.ico")
        .set_manifest(MANIFEST)
        .set("ProductName", "mqttree")
        .set("FileDescription", "mqttree")
        .set("ProductVersion", &version)
        .set("FileVersion", &version)
        .set("LegalCopyright", "MIT OR Apache-2.0");
    if let Err(error) = resources.compile() {
        println!("cargo::warning=the programs have no icon and no manifest: {error}");
    }
}
