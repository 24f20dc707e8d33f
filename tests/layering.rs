//! Keeps the layering of the modules: who may import whom, and which outside crates stay behind which seam.
//!
//! It reads every path in `src` that begins with `crate`, `self` or `super`, in `use` declarations and inline,
//! so that a forbidden dependency fails here with its file and line and not in a review. Comments and strings
//! do not count: documentation may point anywhere.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A module of the first level and what it may import of ours, besides itself. An entry allows itself and all below it.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("payload", &[]),
    ("mqtt", &["model::message"]),
    ("store", &["mqtt::check", "mqtt::filter", "mqtt::options", "model::message"]),
    ("session", &["mqtt", "model", "store::recording"]),
    (
        "ui",
        &[
            "app::action",
            "app::command",
            "model",
            "mqtt::filter",
            "mqtt::options",
            "mqtt::reason",
            "mqtt::step",
            "mqtt::trace",
            "payload",
            "session::protocol",
            "session::status",
            "store",
        ],
    ),
    ("cli", &["session", "payload", "store", "mqtt", "model::message"]),
    ("demo", &["mqtt::filter"]),
    ("logging", &[]),
    ("app", &["cli", "demo", "model", "mqtt", "payload", "session", "store", "ui"]),
];

/// Paths of other crates and where alone they may stand: everywhere else they are a leak through a seam.
const STAYS_IN: &[(&str, &[&str])] = &[
    ("eframe", &["app", "ui"]), // egui is named through it
    ("egui", &["app", "ui"]),
    ("egui_plot", &["ui"]),
    ("rfd", &["app"]),
    ("rumqttc", &["mqtt", "demo"]),
    ("tokio", &["mqtt", "session", "demo"]),
    ("keyring", &["store"]),
    ("directories", &["store"]),
];

/// What the pure modules never touch: they are given time and bytes, and tests drive them without waiting.
/// Their tests may: some of them measure.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::env",
    "std::process",
    "std::time::SystemTime",
    "std::time::Instant",
    "Instant::now",
    "SystemTime::now",
    "Timestamp::now",
    "crossbeam_channel",
    "parking_lot",
];
const PURE_MODULES: &[&str] = &["model", "payload"];

#[test]
fn every_module_imports_only_what_its_layer_may() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root).unwrap();
    assert!(files.contains(&root.join("model/mod.rs")), "this is not the source: {files:?}");
    let mut report = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let relative = file.strip_prefix(&root).unwrap();
        for violation in violations(&module_path(relative), &text) {
            writeln!(report, "src/{}:{}", relative.display(), violation).unwrap();
        }
    }
    assert!(report.is_empty(), "the layering is broken:\n{report}");
}

#[test]
fn every_module_of_the_first_level_has_a_layer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let found: BTreeSet<String> = rust_files(&root)
        .unwrap()
        .iter()
        .filter_map(|file| module_path(file.strip_prefix(&root).unwrap()).into_iter().next())
        .collect();
    let without: Vec<&String> = found.iter().filter(|name| rule(name).is_none()).collect();
    assert!(without.is_empty(), "no layer is written down in MAY_IMPORT for {without:?}");
}

#[test]
fn a_forbidden_import_is_caught_wherever_it_stands() {
    let caught = |module: &str, text: &str| {
        let path: Vec<String> = module.split("::").map(str::to_owned).collect();
        !violations(&path, text).is_empty()
    };

    assert!(caught("model::tree", "use crate::ui::theme;"));
    assert!(caught("model::tree", "fn f() { crate::session::open(); }"));
    assert!(caught("model::tree", "use crate::{model::rows, ui::{theme, tokens}};"));
    assert!(caught("model::tree", "use super::super::session::Session;"));
    assert!(caught("model::tree", "mod inner { use super::super::super::payload; }"));
    assert!(caught("session::worker", "use crate::\n    app::App;"));
    assert!(caught("demo", "use crate::mqtt;"), "a whole module where only a part is allowed");
    assert!(caught("demo", "use crate::mqtt::{self, filter};"));
    assert!(caught("demo", "use crate::mqtt::*;"));
    assert!(
        caught("demo", "use crate::mqtt::filters::Filter;"),
        "a name that only begins like an allowed one"
    );
    assert!(caught("ui::panels", "use crate::app::App;"));
    assert!(caught("model", "let now = std::time::Instant::now();"));
    assert!(caught("model", "use std::{collections::HashMap, thread};"));
    assert!(caught("session", "use egui::Context;"));
    assert!(caught("session", "let client = rumqttc::AsyncClient::new(options, 1);"));
    assert!(caught("nowhere", "use crate::model;"), "a module without a layer may import nothing");
}

#[test]
fn an_allowed_import_passes() {
    let passes = |module: &str, text: &str| {
        let path: Vec<String> = module.split("::").map(str::to_owned).collect();
        let found = violations(&path, text);
        assert!(found.is_empty(), "{module}: {text}: {found:?}");
    };

    passes(
        "model::tree",
        "use crate::model::{message::Message, rows}; use super::log; use self::node::Node;",
    );
    passes("model::tree", "#[cfg(test)] mod tests { use super::*; use super::super::log::Log; }");
    passes("demo::broker", "use crate::mqtt::filter::{self, Filter}; use rumqttc::Packet;");
    passes("model", "// use crate::ui;\n/* crate::ui /* nested */ crate::ui */ fn f() {}");
    passes(
        "model",
        r##"const A: &str = "crate::ui"; const B: &str = r#"crate::ui " "#; const C: char = '"';"##,
    );
    passes("model", "pub(crate) fn f<'a>(x: &'a str) -> &'a str { x } pub(in crate::model) fn g() {}");
    passes("model", "mod tests { use std::time::Instant; }");
    passes("payload::tests", "let start = std::time::Instant::now();");
    passes("model", "let crates = egui_is_not_here();");
    passes("app", "use crate::{cli, demo, model, mqtt, payload, session, store, ui}; use eframe::egui;");
    passes("session", "use crate::VERSION;");
}

// ---- the checker ----

fn rule(module: &str) -> Option<&'static [&'static str]> {
    MAY_IMPORT.iter().find(|(name, _)| *name == module).map(|(_, allowed)| *allowed)
}

/// What `text`, the source of the module `path`, imports and may not: one line each, beginning with the line's number.
fn violations(path: &[String], text: &str) -> Vec<String> {
    // `main.rs` and `lib.rs` stand above the layers.
    let Some(module) = path.first() else { return Vec::new() };
    let allowed = rule(module).unwrap_or(&[]);
    let mut found = Vec::new();
    for Import { line, path: import, in_tests } in imports(path, &tokens(text)) {
        let whole = import.join("::");
        if let Some(ours) = import.strip_prefix(&["crate".to_owned()]) {
            let is_module = ours.first().is_some_and(|first| rule(first).is_some());
            if is_module && ours[0] != *module && !allowed.iter().any(|prefix| is_within(ours, prefix)) {
                found.push(format!("{line}: `{module}` may not import `{whole}`"));
            }
            continue;
        }
        for (outside, homes) in STAYS_IN {
            if is_within(&import, outside) && !homes.contains(&module.as_str()) {
                found.push(format!("{line}: `{outside}` stays in {homes:?}, not in `{module}`"));
            }
        }
        if !in_tests
            && PURE_MODULES.contains(&module.as_str())
            && let Some(impure) = IMPURE.iter().find(|impure| is_within(&import, impure))
        {
            found.push(format!("{line}: `{module}` is pure and may not use `{impure}`"));
        }
    }
    found.dedup(); // a `use` tree brings the same forbidden crate many times
    found
}

/// Whether the path is `prefix` or something below it.
fn is_within(path: &[String], prefix: &str) -> bool {
    let mut segments = path.iter();
    prefix.split("::").all(|segment| segments.next().is_some_and(|own| own == segment))
}

struct Import {
    line: usize,
    /// From the crate's root (`crate::…`) or from an outside crate.
    path: Vec<String>,
    /// Whether it stands in a module named `tests`.
    in_tests: bool,
}

#[derive(Debug, PartialEq)]
struct Token {
    line: usize,
    /// An identifier, `::`, or one other character.
    text: String,
}

/// Every path of at least two segments, with groups (`a::{b, c}`) written out, relative ones resolved
/// from the module `path`. Inline modules (`mod tests { … }`) count as a level.
fn imports(path: &[String], tokens: &[Token]) -> Vec<Import> {
    let mut found = Vec::new();
    let mut inline_modules: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < tokens.len() {
        let text = tokens[at].text.as_str();
        let next = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
        match text {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inline_modules.retain(|(_, opened_at)| *opened_at <= depth);
            }
            "mod" if next(2) == "{" => inline_modules.push((next(1).to_owned(), depth + 1)),
            // `pub(in crate::…)` says who may see an item and imports nothing.
            "in" if at > 0 && tokens[at - 1].text == "(" => at += 1,
            _ if is_identifier(text) && next(1) == "::" => {
                let mut here = vec!["crate".to_owned()];
                here.extend(path.iter().cloned());
                here.extend(inline_modules.iter().map(|(name, _)| name.clone()));
                let mut paths = Vec::new();
                let end = read_tree(tokens, at, &[], &mut paths);
                let in_tests = here.iter().any(|name| name == "tests");
                for path in paths {
                    found.push(Import { line: tokens[at].line, path: resolve(&here, path), in_tests });
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads one path or one branch of a `use` tree from `at`, appends the paths it stands for, and returns where it ends.
fn read_tree(tokens: &[Token], mut at: usize, prefix: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = prefix.to_vec();
    loop {
        match tokens.get(at).map(|token| token.text.as_str()) {
            Some("{") => {
                at += 1;
                while at < tokens.len() && tokens[at].text != "}" {
                    at = read_tree(tokens, at, &path, found);
                    while at < tokens.len() && !matches!(tokens[at].text.as_str(), "," | "}") {
                        at += 1; // `as name`
                    }
                    if at < tokens.len() && tokens[at].text == "," {
                        at += 1;
                    }
                }
                return at + 1;
            }
            // `{self, …}` is the module itself; elsewhere `self` is where the path begins.
            Some("self") if !path.is_empty() => at += 1,
            Some(segment) if is_identifier(segment) || segment == "*" => {
                path.push(segment.to_owned());
                at += 1;
            }
            _ => {
                found.push(path);
                return at;
            }
        }
        if tokens.get(at).is_none_or(|token| token.text != "::") {
            found.push(path);
            return at;
        }
        at += 1;
    }
}

/// Makes a path that begins with `self` or `super` in the module `here` begin at the crate's root.
fn resolve(here: &[String], path: Vec<String>) -> Vec<String> {
    let ups = path.iter().take_while(|segment| *segment == "super").count();
    let is_relative = ups > 0 || path.first().is_some_and(|first| first == "self");
    if !is_relative {
        return path;
    }
    let kept = here.len().saturating_sub(ups).max(1);
    let rest = path.into_iter().skip_while(|segment| segment == "super" || segment == "self");
    here[..kept].iter().cloned().chain(rest).collect()
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The identifiers and signs of a Rust source, without comments, strings and characters.
fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest).unwrap_or_else(|| {
            let length = if rest.starts_with("::") {
                2
            } else if is_identifier(rest) {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            found.push(Token { line, text: rest[..length].to_owned() });
            length
        });
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

/// The length of the space, comment, string, character or lifetime that `rest` begins with.
fn skipped(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let until =
        |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    if bytes[0].is_ascii_whitespace() {
        return Some(1);
    }
    if rest.starts_with("//") {
        return Some(until("\n", 2));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    let raw = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'));
    if let Some(after) = raw {
        let hashes = after.len() - after.trim_start_matches('#').len();
        if after[hashes..].starts_with('"') {
            let start = rest.len() - after.len() + hashes + 1;
            return Some(until(&format!("\"{}", "#".repeat(hashes)), start));
        }
    }
    if bytes[0] == b'"' || rest.starts_with("b\"") {
        return Some(quoted(rest, '"'));
    }
    if bytes[0] == b'\'' {
        let mut inside = rest[1..].chars();
        let is_char = inside.next() == Some('\\') || inside.next() == Some('\'');
        return Some(if is_char { quoted(rest, '\'') } else { 1 });
    }
    None
}

/// The length of a quoted literal with backslash escapes, from its prefix to its closing quote.
fn quoted(rest: &str, quote: char) -> usize {
    let open = rest.find(quote).map_or(0, |at| at + 1);
    let mut escaped = false;
    for (at, c) in rest[open..].char_indices() {
        if !escaped && c == quote {
            return open + at + 1;
        }
        escaped = !escaped && c == '\\';
    }
    rest.len()
}

/// The length of a block comment, which may hold others.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

// ---- the files ----

fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// `model/tree.rs` → model, tree; `model/mod.rs` → model; `main.rs` and `lib.rs` → nothing.
fn module_path(file: &Path) -> Vec<String> {
    let mut path: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        path.pop();
    }
    path
}
