//! Enforces the floors of the source: which module may import which, where outside crates may be used, and that every
//! sentence a person sees is made in `words`.
//!
//! The files are parsed, so comments and strings do not count as imports: documentation may refer to anything.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

#[path = "source/files.rs"]
mod files;
#[path = "source/imports.rs"]
mod imports;
#[path = "source/locked.rs"]
mod locked;
#[path = "source/names.rs"]
mod names;
#[path = "source/sentences.rs"]
mod sentences;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use imports::Import;
use sentences::{is_label, is_sentence};

/// The top-level modules from the bottom up, with the paths of ours that each may import besides itself; a path
/// includes everything below it. No module may import one that is later in this list.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("message", &[]),
    ("logging", &[]),
    ("template", &["message"]),
    ("payload", &["message"]),
    ("model", &["message"]),
    ("mqtt", &["message", "template"]),
    ("recording", &["message"]),
    ("query", &["message", "template", "payload", "model", "mqtt::filter"]),
    ("interchange", &["message", "payload", "model", "mqtt::filter", "mqtt::limits", "recording", "query"]),
    ("sequence", &["message", "template", "payload", "mqtt", "query"]),
    ("reply", &["message", "template", "mqtt", "query"]),
    (
        "store",
        &[
            "message",
            "template",
            "model::Order",
            "mqtt::check",
            "mqtt::filter",
            "mqtt::limits",
            "mqtt::options",
            "reply::ReplyRule",
        ],
    ),
    ("session", &["message", "template", "model", "mqtt", "recording", "interchange"]),
    ("automation", &["message", "mqtt", "sequence", "reply", "session"]),
    (
        "words",
        &[
            "message",
            "logging",
            "template",
            "payload",
            "model",
            "mqtt",
            "recording",
            "query",
            "interchange",
            "sequence",
            "reply",
            "store",
            "session",
            "automation",
        ],
    ),
    (
        "demo",
        &[
            "message",
            "mqtt::filter",
            "mqtt::limits",
            "mqtt::options",
            "mqtt::packet",
            "mqtt::reason",
            "mqtt::trace",
        ],
    ),
    (
        "cli",
        &[
            "message",
            "template",
            "payload",
            "mqtt",
            "recording",
            "query",
            "interchange",
            "sequence",
            "reply",
            "store",
            "session",
            "automation",
            "words",
        ],
    ),
    ("ui", &["words"]),
    (
        "command",
        &[
            "message",
            "template",
            "payload",
            "model",
            "mqtt",
            "recording",
            "query",
            "interchange",
            "sequence",
            "reply",
            "store",
            "session",
            "automation",
            "words",
            "ui",
        ],
    ),
    (
        "panels",
        &[
            "message",
            "template",
            "payload",
            "model",
            "mqtt",
            "recording",
            "query",
            "interchange",
            "sequence",
            "reply",
            "store",
            "session",
            "automation",
            "words",
            "ui",
            "command",
        ],
    ),
    (
        "app",
        &[
            "message",
            "template",
            "logging",
            "payload",
            "model",
            "mqtt",
            "recording",
            "query",
            "interchange",
            "sequence",
            "reply",
            "store",
            "session",
            "automation",
            "words",
            "demo",
            "cli",
            "ui",
            "command",
            "panels",
        ],
    ),
];

/// Paths of outside crates, and the only modules that may use them.
const STAYS_IN: &[(&str, &[&str])] = &[
    ("eframe", &["app", "command", "panels", "ui"]), // egui is named through it
    ("egui", &["app", "command", "panels", "ui"]),
    ("egui_plot", &["panels"]),
    ("rfd", &["app"]),
    ("rumqttc", &[]), // what tests are compared with
    ("tokio", &["mqtt", "session", "demo"]),
    ("keyring", &["store"]),
    ("directories", &["store"]),
];

/// What the pure modules never use: they are given time and bytes, and tests drive them without waiting. Their tests
/// may use it, because some of them measure.
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
const PURE_MODULES: &[&str] = &["message", "model", "payload", "template", "sequence", "reply"];

/// Literals that look like sentences but are not, or are not for a person: the beginning of the file's path, the
/// beginning of the literal, and the reason.
const NO_SENTENCES: &[(&str, &str, &str)] = &[
    ("words/", "", "this is where sentences are made"),
    ("demo/devices/", "", "payloads of the simulated devices are data"),
    ("cli/", "Examples:\n", "the end of a help page, beside clap's own English"),
    ("template/function.rs", "pick on", "how a function of templates is written"),
    ("store/", "# ", "a comment in a file, in English as its keys are"),
    ("store/profiles/file.rs", "(other change)", "a mark in a file"),
    ("store/", "", "what serde says of a value in a file, as its parser does of the rest"),
    ("message.rs", "QoS is 0, 1 or 2", "what serde says of a value in a file"),
    ("mqtt/options/", "retain handling is", "what serde says of a value in a file"),
    ("mqtt/options/", "the MQTT version is", "what serde says of a value in a file"),
    ("mqtt/options/network.rs", "HTTP CONNECT", "the name of a protocol"),
    ("mqtt/tls/key.rs", "", "labels of PEM (RFC 7468)"),
    ("mqtt/wire/explain/mod.rs", "", "how systems say that a name does not exist: std passes on no code"),
    ("recording/failure.rs", " (os error", "what std ends the system's own words with"),
    ("mqtt/failure/mod.rs", " (os error", "what std ends the system's own words with"),
];

/// Floors in which a single capitalised word is a label and belongs in `words` too.
const HAVE_LABELS: &[&str] = &["app", "command", "panels", "ui"];

#[test]
fn every_module_imports_only_what_its_floor_may() {
    let mut report = String::new();
    for file in files::all() {
        for violation in violations(&file.module, &file.text) {
            writeln!(report, "src/{}:{}", file.path.display(), violation).unwrap();
        }
    }
    assert!(report.is_empty(), "the floors are broken:\n{report}");
}

#[test]
fn every_module_of_the_first_level_has_a_floor() {
    let found: BTreeSet<String> =
        files::all().into_iter().filter_map(|file| file.module.into_iter().next()).collect();
    let without: Vec<&String> = found.iter().filter(|name| rule(name).is_none()).collect();
    assert!(without.is_empty(), "no floor is written down in MAY_IMPORT for {without:?}");
}

#[test]
fn no_arrow_runs_upward() {
    for (index, (module, allowed)) in MAY_IMPORT.iter().enumerate() {
        for entry in *allowed {
            let first = entry.split("::").next().unwrap();
            let below = MAY_IMPORT[..index].iter().any(|(name, _)| *name == first);
            assert!(below, "`{module}` may import `{entry}`, which does not stand below it");
        }
    }
}

#[test]
fn every_test_that_the_page_of_limits_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/limits.md")).unwrap();
    let source = files::texts(&["src", "tests"]).concat();
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert_eq!(rows.len(), 22);
    for row in rows {
        let tests: Vec<_> = row.rsplit('|').nth(1).unwrap().split('`').skip(1).step_by(2).collect();
        let missing = tests.iter().find(|test| !source.contains(&format!("fn {test}(")));
        assert!(!tests.is_empty() && missing.is_none(), "{missing:?} in {row}");
    }
}

#[test]
fn every_sentence_is_made_in_words() {
    let mut report = String::new();
    let mut used = vec![false; NO_SENTENCES.len()];
    for file in files::all().iter().filter(|file| !file.is_tests()) {
        let path = file.path.to_string_lossy().replace('\\', "/");
        let has_labels = file.module.first().is_some_and(|floor| HAVE_LABELS.contains(&floor.as_str()));
        for literal in sentences::literals(&file.text).unwrap() {
            let is_text = is_sentence(&literal.text) || (has_labels && is_label(&literal.text));
            if !is_text {
                continue;
            }
            let exception = NO_SENTENCES.iter().position(|(place, beginning, _)| {
                path.starts_with(place) && literal.text.starts_with(beginning)
            });
            match exception {
                Some(index) => used[index] = true,
                None => writeln!(report, "src/{path}:{}: {:?}", literal.line, literal.text).unwrap(),
            }
        }
    }
    assert!(report.is_empty(), "sentences outside of `words`:\n{report}");
    let idle: Vec<_> =
        NO_SENTENCES.iter().zip(used).filter(|(_, used)| !used).map(|(entry, _)| entry).collect();
    assert!(idle.is_empty(), "exceptions that nothing needs any more: {idle:?}");
}

/// egui lays out whatever is pasted into a field of its own, so every field is drawn where its length is bounded.
#[test]
fn every_text_field_has_a_length() {
    const BOUNDED: [&str; 2] = ["ui/widgets/field/", "panels/publish/editor"];
    for file in files::all() {
        let path = file.path.to_string_lossy().replace('\\', "/");
        let is_bounded = BOUNDED.iter().any(|place| path.starts_with(place));
        let draws =
            ["TextEdit::singleline", "TextEdit::multiline", ".text_edit_singleline", ".text_edit_multiline"]
                .into_iter()
                .find(|call| file.text.contains(call));
        assert!(is_bounded || draws.is_none(), "src/{path} draws a field with {draws:?}");
    }
}

#[test]
fn a_sentence_is_told_from_other_texts() {
    for text in ["Cannot read it", "not connected to the broker", "has {count} bytes too many", "连接"] {
        assert!(is_sentence(text), "{text}");
    }
    for text in ["application/json", "%H:%M:%S", "GET / HTTP/1.1", "{name}: {value}", "a b c", "kB"] {
        assert!(!is_sentence(text), "{text}");
    }
    assert!(is_label("Publish") && is_label("Open…"));
    assert!(!is_label("QoS") && !is_label("topics") && !is_label("Content-Type"));

    let source = r#"
        /// A sentence of the documentation.
        #[expect(lint, reason = "a reason for developers")]
        fn f() { log::warn!("a line for developers"); show(format!("it {} one", f("and another one"))); }
        #[cfg(test)]
        mod tests { const A: &str = "a text of the tests"; }
    "#;
    let found: Vec<String> =
        sentences::literals(source).unwrap().into_iter().map(|literal| literal.text).collect();
    assert_eq!(found, ["it {} one", "and another one"]);
}

#[test]
fn nothing_waits_for_a_lock_that_it_holds() {
    for file in files::all() {
        let found = locked::deadlocks(&file.text).unwrap();
        assert!(found.is_empty(), "src/{}: lines {found:?} hang the window", file.path.display());
    }
    let source = "fn f() { let l = language(ui); response.widget_info(|| info(language(ui))); }";
    assert_eq!(locked::deadlocks(source).unwrap(), [1]);
}

#[test]
fn a_type_name_means_one_thing() {
    let shared = names::shared(&files::all()).unwrap();
    assert!(shared.is_empty(), "several types share a name:\n{}", shared.join("\n"));

    let file = |name: &str, text: &str| files::SourceFile {
        path: name.into(),
        module: vec![name.to_owned()],
        text: text.to_owned(),
    };
    let two = [file("a", "pub struct Row; struct Line;"), file("b", "pub(crate) enum Row {} struct Line;")];
    assert_eq!(names::shared(&two).unwrap(), ["Row: a, b"]);
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
    assert!(caught("ui::widgets", "use crate::command::Command;"));
    assert!(caught("model", "fn f() { let now = std::time::Instant::now(); }"));
    assert!(caught("model", "use std::{collections::HashMap, thread};"));
    assert!(caught("session", "use egui::Context;"));
    assert!(caught("session", "fn f() { let client = rumqttc::AsyncClient::new(options, 1); }"));
    assert!(caught("model", "fn f() { log!(\"{}\", crate::ui::theme::NAME); }"), "inside a macro call");
    assert!(caught("panels", "use crate::app::App;"));
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
        "use crate::model::{rows, tree::Tree}; use super::log; use self::node::Node; use crate::message::Message;",
    );
    passes("model::tree", "#[cfg(test)] mod tests { use super::*; use super::super::log::Log; }");
    passes("demo::broker", "use crate::mqtt::filter::{self, Filter}; use tokio::net::TcpStream;");
    passes("model", "// use crate::ui;\n/* crate::ui /* nested */ crate::ui */ fn f() {}");
    passes(
        "model",
        r##"const A: &str = "crate::ui"; const B: &str = r#"crate::ui " "#; const C: char = '"';"##,
    );
    passes("model", "pub(crate) fn f<'a>(x: &'a str) -> &'a str { x } pub(in crate::model) fn g() {}");
    passes("model", "mod tests { use std::time::Instant; }");
    passes("payload::tests", "fn f() { let start = std::time::Instant::now(); }");
    passes("model", "fn f() { let crates = egui_is_not_here(); }");
    passes("app", "use crate::{cli, demo, model, mqtt, payload, session, store, ui}; use eframe::egui;");
    passes("session", "use crate::VERSION;");
}

fn rule(module: &str) -> Option<&'static [&'static str]> {
    MAY_IMPORT.iter().find(|(name, _)| *name == module).map(|(_, allowed)| *allowed)
}

/// The forbidden imports in `text`, the source of module `path`: one line each, starting with the line number.
fn violations(path: &[String], text: &str) -> Vec<String> {
    // `main.rs` and `lib.rs` are above the layers.
    let Some(module) = path.first() else { return Vec::new() };
    let allowed = rule(module).unwrap_or(&[]);
    let mut found = Vec::new();
    for Import { line, path: import, in_tests } in imports::imports(path, text).unwrap() {
        let whole = import.join("::");
        if let Some(ours) = import.strip_prefix(&["crate".to_owned()]) {
            let is_module = ours.first().is_some_and(|first| rule(first).is_some());
            if is_module && ours[0] != *module && !allowed.iter().any(|prefix| is_within(ours, prefix)) {
                found.push(format!("{line}: `{module}` may not import `{whole}`"));
            }
            continue;
        }
        for (outside, homes) in STAYS_IN {
            // Tests may use any crate for comparison.
            if !in_tests && is_within(&import, outside) && !homes.contains(&module.as_str()) {
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
