//! The libraries of the desktop that the window needs on Linux. winit and glutin load them when the window opens, and end
//! in a panic or an error without a name if one is not there, so they are looked for first, as the loader does it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// A library of the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Library {
    /// The file that is loaded.
    pub file: &'static str,
    /// The packages that bring it: of Debian, Fedora and Arch.
    pub packages: [&'static str; 3],
}

const fn library(file: &'static str, packages: [&'static str; 3]) -> Library {
    Library { file, packages }
}

const EGL: Library = library("libEGL.so.1", ["libegl1", "libglvnd-egl", "libglvnd"]);
const XKBCOMMON: Library = library("libxkbcommon.so.0", ["libxkbcommon0", "libxkbcommon", "libxkbcommon"]);

const OF_X11: &[Library] = &[
    library("libX11.so.6", ["libx11-6", "libX11", "libx11"]),
    library("libX11-xcb.so.1", ["libx11-xcb1", "libX11-xcb", "libx11"]),
    library("libXcursor.so.1", ["libxcursor1", "libXcursor", "libxcursor"]),
    library("libXi.so.6", ["libxi6", "libXi", "libxi"]),
    XKBCOMMON,
    library("libxkbcommon-x11.so.0", ["libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"]),
    EGL,
];

const OF_WAYLAND: &[Library] = &[
    library("libwayland-client.so.0", ["libwayland-client0", "libwayland-client", "wayland"]),
    library("libwayland-egl.so.1", ["libwayland-egl1", "libwayland-egl", "wayland"]),
    XKBCOMMON,
    EGL,
];

/// What is not there and keeps the window from opening. Empty where it cannot be told: only a glibc system has a list of
/// its libraries.
pub fn missing() -> Vec<Library> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let Ok(cache) = std::fs::read("/etc/ld.so.cache") else { return Vec::new() };
    let folders = folders(std::env::var_os("LD_LIBRARY_PATH").as_deref());
    missing_of(needed(|name| std::env::var_os(name)), |file| {
        is_listed(&cache, file) || folders.iter().any(|folder| folder.join(file).exists())
    })
}

/// Those of the desktop that winit chooses.
fn needed(variable: impl Fn(&str) -> Option<OsString>) -> &'static [Library] {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    if is_set("WAYLAND_DISPLAY") || is_set("WAYLAND_SOCKET") { OF_WAYLAND } else { OF_X11 }
}

fn missing_of(needed: &[Library], is_there: impl Fn(&str) -> bool) -> Vec<Library> {
    needed.iter().filter(|library| !is_there(library.file)).copied().collect()
}

/// Where the loader looks beside its cache.
fn folders(variable: Option<&OsStr>) -> Vec<PathBuf> {
    let named = variable.into_iter().flat_map(std::env::split_paths);
    let usual = ["/lib", "/usr/lib", "/lib64", "/usr/lib64"].map(|folder| Path::new(folder).to_owned());
    named.chain(usual).collect()
}

/// Whether the cache has a library of this name: a text that ends with a zero byte. The name may be kept as the end of its
/// path alone.
fn is_listed(cache: &[u8], file: &str) -> bool {
    let text = [file.as_bytes(), &[0]].concat();
    memchr::memmem::find_iter(cache, &text)
        .any(|at| matches!(at.checked_sub(1).and_then(|at| cache.get(at)), Some(0 | b'/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_counts_only_whole() {
        let cache = b"ld.so-1.7.0\0/usr/lib/libXi.so.6\0libX11-xcb.so.1\0";
        assert!(is_listed(cache, "libXi.so.6") && is_listed(cache, "libX11-xcb.so.1"));
        for other in ["libX11.so.6", "libX11-xcb.so", "Xi.so.6", "libXi.so.60"] {
            assert!(!is_listed(cache, other), "{other}");
        }
    }

    #[test]
    fn each_desktop_needs_its_own() {
        let of = |name: &'static str, value: &'static str| {
            needed(move |asked| (asked == name).then(|| value.into()))
        };
        assert_eq!(of("WAYLAND_DISPLAY", "wayland-0"), OF_WAYLAND);
        assert_eq!(of("WAYLAND_DISPLAY", ""), OF_X11);
        assert_eq!(of("DISPLAY", ":0"), OF_X11);
    }

    #[test]
    fn what_is_not_there_is_named_with_its_packages() {
        let missing = missing_of(OF_X11, |file| !file.starts_with("libXi") && !file.starts_with("libxkb"));
        let packages: Vec<_> = missing.iter().map(|library| library.packages[0]).collect();
        assert_eq!(packages, ["libxi6", "libxkbcommon0", "libxkbcommon-x11-0"]);
    }

    #[test]
    fn a_machine_that_opens_windows_lacks_nothing() {
        assert_eq!(missing(), [], "the tests of the window need them too");
    }
}
