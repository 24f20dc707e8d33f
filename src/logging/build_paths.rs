//! Strips the build machine's folders from paths of source files. Pure.
//!
//! For code outside of this package, the compiler records the full paths of source files in panics and some errors.
//! Those paths help nobody and reveal where the program was built.

use std::borrow::Cow;

/// What comes before a crate's own folder in a path: a folder, and how many levels below it.
const BEFORE_A_CRATE: [(&str, usize); 3] = [("registry/src/", 1), ("git/checkouts/", 2), ("/rustc/", 1)];

/// The path of a source file, starting at its crate's folder: `winit-0.30.13/src/event_loop.rs`, `src/main.rs`.
pub fn source_file(path: &str) -> &str {
    crate_folder(&path.replace('\\', "/")).map_or(path, |(_, at)| &path[at..])
}

/// A text in which the path of every source file starts at its crate's folder.
pub fn without_build_paths(text: &str) -> Cow<'_, str> {
    let ends_before = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | '<' | '=');
    let slashes = text.replace('\\', "/");
    let (mut out, mut done) = (String::new(), 0);
    while let Some((marker, at)) = crate_folder(&slashes[done..]) {
        let before = &text[done..done + marker];
        // The word that ends here is the beginning of the path.
        out.push_str(before.trim_end_matches(|c| !ends_before(c)));
        done += at;
    }
    if done == 0 { Cow::Borrowed(text) } else { Cow::Owned(out + &text[done..]) }
}

/// Where the first folder of [`BEFORE_A_CRATE`] begins, and where the crate's folder does. Expects forward slashes.
fn crate_folder(text: &str) -> Option<(usize, usize)> {
    let found = BEFORE_A_CRATE.into_iter().filter_map(|(marker, folders)| {
        let begin = text.find(marker)?;
        let mut at = begin + marker.len();
        for _ in 0..folders {
            at += text[at..].find('/')? + 1;
        }
        Some((begin, at))
    });
    found.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_file_begins_with_its_crate() {
        for (path, short) in [
            ("src/session/mod.rs", "src/session/mod.rs"),
            (
                "/home/ada/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/egui-0.36.2/src/ui.rs",
                "egui-0.36.2/src/ui.rs",
            ),
            (
                r"C:\Users\Ada L\.cargo\registry\src\index.crates.io-19\egui-0.36.2\src\ui.rs",
                r"egui-0.36.2\src\ui.rs",
            ),
            ("/home/ada/.cargo/git/checkouts/egui-5f/0a1b2c3/crates/egui/src/ui.rs", "crates/egui/src/ui.rs"),
            (
                "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/option.rs",
                "library/core/src/option.rs",
            ),
        ] {
            assert_eq!(source_file(path), short);
        }
    }

    #[test]
    fn an_error_names_no_folder_of_the_machine_that_built_it() {
        let registry = "/home/ada/.cargo/registry/src/index.crates.io-19";
        let error =
            format!("os error at {registry}/winit-0.30.13/src/x11.rs:788: no ({registry}/a-1/src/b.rs)");
        assert_eq!(
            without_build_paths(&error),
            "os error at winit-0.30.13/src/x11.rs:788: no (a-1/src/b.rs)"
        );
        for text in ["cannot read /home/ada/ca.pem", "registry/src/", "/rustc/", "温度 /rustc/温度"] {
            assert_eq!(without_build_paths(text), text);
        }
    }
}
