//! The Settings page: it has every setting, and changes take effect at once.

use eframe::egui::{self, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};
use mqttree::command::{Action, Actions};
use mqttree::panels::settings;
use mqttree::store::settings::{Density, Settings};
use mqttree::ui::theme;

use crate::harness::speak_chinese;
use crate::snapshots::{THEMES, picture};

type Window = Harness<'static, Settings>;

fn window(look: egui::Theme) -> Window {
    let builder = Harness::builder().with_size(vec2(760.0, 880.0)).with_theme(look);
    let draw = |ui: &mut egui::Ui, kept: &mut Settings| {
        let mut actions = Actions::default();
        settings::show(ui.ctx(), kept, &mut actions);
        for action in actions.take() {
            let Action::ChangeSettings(changed) = action else { unreachable!("{action:?}") };
            *kept = *changed;
        }
    };
    // The default is a share of the machine's memory.
    let mut settings = Settings::default();
    settings.tree_limit_mib = 2_048;
    let mut window = builder.with_context_setup(theme::install).build_ui_state(draw, settings);
    // The dialog must find its position first.
    window.run_steps(12);
    window
}

#[test]
fn a_choice_counts_at_once() {
    let mut window = window(egui::Theme::Dark);
    window.get_by_role_and_label(Role::ComboBox, "Density").click();
    window.run_steps(6);
    window.get_by_label("Compact").click();
    window.run_steps(6);
    assert_eq!(window.state().density, Density::Compact);
}

#[test]
fn a_switch_counts_at_once() {
    let mut window = window(egui::Theme::Dark);
    for name in ["Flash changed values", "Fold single levels"] {
        window.get_by_role_and_label(Role::CheckBox, name).click();
        window.run_steps(6);
    }
    assert!(!window.state().flash_on_update && window.state().fold_single_levels);
}

#[test]
fn sizes_have_their_names_and_their_unit() {
    let window = window(egui::Theme::Dark);
    for name in ["History", "Topic tree", "Values of a plotted series"] {
        let size = window.get_by_role_and_label(Role::SpinButton, name);
        assert!(size.accesskit_node().numeric_value().is_some(), "{name}");
    }
}

#[test]
fn pictures() {
    let mut results = SnapshotResults::new();
    for (look, name) in THEMES {
        let mut window = window(look);
        picture(&mut results, &mut window, &format!("settings-{name}"));
    }
    let mut window = window(egui::Theme::Dark);
    speak_chinese(&window.ctx);
    window.run_steps(12);
    picture(&mut results, &mut window, "settings-chinese");
}
