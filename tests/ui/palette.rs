//! The command palette: commands are found by a few letters and run from the keyboard; those that cannot run say why.

use eframe::egui::{self, Key, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};
use mqttree::command::{Action, Actions, Command, Env, SessionEnv, Tool};
use mqttree::panels::palette::PaletteView;
use mqttree::store::settings::Settings;
use mqttree::ui::theme;

use crate::harness::speak_chinese;
use crate::snapshots::{THEMES, picture};

struct Stage {
    palette: PaletteView,
    session: Option<SessionEnv>,
    asked: Vec<Command>,
}

type Window = Harness<'static, Stage>;

fn window(session: Option<SessionEnv>, look: egui::Theme) -> Window {
    let mut palette = PaletteView::default();
    palette.open();
    let stage = Stage { palette, session, asked: Vec::new() };
    let builder = Harness::builder().with_size(vec2(760.0, 480.0)).with_theme(look);
    let draw = |ui: &mut egui::Ui, stage: &mut Stage| {
        let settings = Settings::default();
        let env = Env { settings: &settings, session: stage.session, performance: false, closed: false };
        let mut actions = Actions::default();
        stage.palette.show(ui.ctx(), &env, &mut actions);
        for action in actions.take() {
            let Action::Run(command) = action else { unreachable!("{action:?}") };
            stage.palette.used(command);
            stage.asked.push(command);
        }
    };
    let mut window = builder.with_context_setup(theme::install).build_ui_state(draw, stage);
    window.run_steps(3);
    window
}

fn in_session() -> Window {
    window(Some(SessionEnv { connected: true, ..SessionEnv::default() }), egui::Theme::Dark)
}

fn write(window: &mut Window, text: &str) {
    window.get_by_role_and_label(Role::TextInput, "Search commands").type_text(text);
    window.run_steps(3);
}

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    window.run_steps(3);
}

fn names(window: &Window) -> Vec<String> {
    let rows = window.get_all_by_role(Role::ListBoxOption);
    rows.filter_map(|row| row.accesskit_node().label()).collect()
}

#[test]
fn a_few_letters_and_enter_run_a_command() {
    let mut window = in_session();
    write(&mut window, "expall");
    assert_eq!(names(&window)[0], "Expand all");
    press(&mut window, Key::Enter);
    assert_eq!(window.state().asked, [Command::ExpandAll]);
    assert!(window.query_by_label("Command palette").is_none(), "it closes");
}

#[test]
fn the_arrows_move_and_escape_runs_nothing() {
    let mut window = in_session();
    write(&mut window, "theme");
    let found = names(&window);
    press(&mut window, Key::ArrowDown);
    let selected = window.get_by_role_and_label(Role::ListBoxOption, &found[1]);
    assert_eq!(selected.accesskit_node().is_selected(), Some(true));
    press(&mut window, Key::Escape);
    assert_eq!(window.state().asked, []);
    assert!(window.query_by_role(Role::ListBox).is_none());
}

#[test]
fn what_cannot_run_says_why_and_does_not_run() {
    let mut window = window(None, egui::Theme::Dark);
    write(&mut window, "copy topic");
    let row = window.get_by_role_and_label(Role::ListBoxOption, "Copy topic");
    assert_eq!(row.accesskit_node().description().as_deref(), Some("No session is open here"));
    press(&mut window, Key::Enter);
    assert_eq!(window.state().asked, []);
    assert!(window.query_by_role(Role::ListBox).is_some(), "it stays open");
}

#[test]
fn what_was_used_last_comes_first() {
    let mut window = in_session();
    write(&mut window, "publish panel");
    press(&mut window, Key::Enter);
    window.state_mut().palette.open();
    window.run_steps(3);
    assert_eq!(window.state().asked, [Command::ShowTool(Tool::Publish)]);
    assert_eq!(names(&window)[0], "Publish panel");
}

#[test]
fn a_click_runs_a_command() {
    let mut window = in_session();
    window.get_by_role_and_label(Role::ListBoxOption, "Disconnect").click();
    window.run_steps(3);
    assert_eq!(window.state().asked, [Command::Disconnect]);
}

#[test]
fn pictures() {
    let mut results = SnapshotResults::new();
    for (look, name) in THEMES {
        let session = SessionEnv { connected: true, tool: Some(Tool::Log), ..SessionEnv::default() };
        let mut window = window(Some(session), look);
        write(&mut window, "co");
        picture(&mut results, &mut window, &format!("palette-{name}"));
    }
    let session = SessionEnv { connected: true, tool: Some(Tool::Log), ..SessionEnv::default() };
    let mut window = window(Some(session), egui::Theme::Dark);
    speak_chinese(&window.ctx);
    window.run_steps(3);
    picture(&mut results, &mut window, "palette-chinese");
}
