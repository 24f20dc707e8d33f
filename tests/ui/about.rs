//! The About page, and the report of a panic at the next start.

use eframe::egui::{self, Key, Modifiers, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};
use mqttree::app::{App, Start};
use mqttree::command::Actions;
use mqttree::panels::about::{self, AboutAnswer, AboutFacts};
use mqttree::store::Paths;
use mqttree::ui::theme;

use crate::harness::{english, with_system_fonts};
use crate::snapshots::{THEMES, picture};

fn app(home: &std::path::Path) -> Harness<'static, App> {
    let paths = english(home);
    let mut harness = with_system_fonts(Harness::builder())
        .with_size(vec2(1024.0, 640.0))
        .build_eframe(move |creation| App::new(&creation.egui_ctx, &paths, Start::default()).unwrap());
    harness.run_steps(6);
    harness
}

#[test]
fn the_palette_leads_to_version_folders_and_licences() {
    let home = tempfile::tempdir().unwrap();
    let mut window = app(home.path());
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run_steps(6);
    window.get_by_label("Search commands").type_text("About");
    window.run_steps(4);
    window.key_press(Key::Enter);
    window.run_steps(8);
    assert!(window.query_all_by_label_contains(mqttree::VERSION).next().is_some());
    assert_eq!(window.query_all_by_label("Open folder").count(), 3);
    window.get_by_label("Licences").click();
    window.run_steps(8);
    assert!(window.query_all_by_label_contains("What mqttree is made of").next().is_some());
}

/// How many dialogs show the report.
fn report(window: &Harness<'_, App>) -> usize {
    let title =
        "mqttree met a defect last time. This report holds no topics and no passwords; nothing was sent";
    window.query_all_by_role_and_label(Role::Dialog, title).count()
}

#[test]
fn a_panic_is_told_once_at_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let state = Paths::under(home.path()).state;
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(state.join("panic.txt"), "mqttree 0.1.0\nthread main at src/main.rs:1\n").unwrap();
    let window = app(home.path());
    assert_eq!(report(&window), 1);
    let copies = window
        .query_all_by_role(Role::Button)
        .filter(|node| node.accesskit_node().label().is_some_and(|label| label.starts_with("Copy")));
    assert!(copies.count() >= 1);
    drop(window);
    assert_eq!(report(&app(home.path())), 0);
}

type Page = Harness<'static, Vec<AboutAnswer>>;

fn page(look: egui::Theme) -> Page {
    let draw = |ui: &mut egui::Ui, answers: &mut Vec<AboutAnswer>| {
        let folders = Paths {
            config: "/home/ada/.config/mqttree".into(),
            data: "/home/ada/.local/share/mqttree".into(),
            state: "/home/ada/.local/state/mqttree".into(),
        };
        let facts = AboutFacts { build: "0.1.0 (1a2b3c4d5)", is_opengl: true, folders: &folders };
        answers.extend(about::show(ui.ctx(), &facts, &mut Actions::default()));
    };
    let builder = Harness::builder().with_size(vec2(760.0, 480.0)).with_theme(look);
    let mut page = builder.with_context_setup(theme::install).build_ui_state(draw, Vec::new());
    page.run_steps(12);
    page
}

#[test]
fn a_folder_is_opened_by_its_own_link() {
    let mut page = page(egui::Theme::Dark);
    page.query_all_by_label("Open folder").nth(1).unwrap().click();
    page.run_steps(4);
    assert_eq!(*page.state(), [AboutAnswer::Open("/home/ada/.local/share/mqttree".into())]);
}

#[test]
fn pictures() {
    let mut results = SnapshotResults::new();
    for (look, name) in THEMES {
        // The system's name differs, and is not drawn alike everywhere.
        if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            picture(&mut results, &mut page(look), &format!("about-{name}"));
        }
    }
}
