//! The form for a topic filter whose topics are plotted.

use eframe::egui::{Align, Layout, RichText, Ui, vec2};

use crate::mqtt::filter::check_filter;
use crate::panels::plots::joins::parsed;
use crate::store::plots::Join;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::field;
use crate::ui::{language, theme};
use crate::words::{filter as filter_words, plot_page as words};

/// Height of the form, in points.
const HEIGHT: f32 = 34.0;

/// What is typed into the form.
#[derive(Debug, Default)]
pub struct FilterForm {
    filter: String,
    path: String,
    /// Whether it had the keyboard once.
    began: bool,
}

/// What becomes of the form.
#[derive(Debug)]
pub enum FormWish {
    /// Plot these topics.
    Plot(Join),
    /// Close it.
    Close,
}

impl FilterForm {
    /// Draws it in one row.
    pub fn show(&mut self, ui: &mut Ui) -> Option<FormWish> {
        let (t, l) = (tokens(ui), language(ui));
        let mut wish = None;
        let layout = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(vec2(ui.available_width(), HEIGHT), layout, |ui| {
            ui.set_min_height(HEIGHT);
            ui.add_space(size::PADDING);
            ui.spacing_mut().item_spacing.x = 6.0;
            let room = (ui.available_width() - 360.0).clamp(160.0, 900.0);
            let filter =
                field::line(ui, words::FILTER.of(l), field::STRING_BYTES_MAX, &mut self.filter, |edit| {
                    edit.hint_text("home/+/climate").desired_width(room * 0.58).font(theme::mono_font())
                });
            let path = field::line(ui, words::PATH.of(l), field::FILTER_BYTES_MAX, &mut self.path, |edit| {
                edit.hint_text(words::PATH_HINT.of(l)).desired_width(room * 0.42).font(theme::mono_font())
            });
            if !std::mem::replace(&mut self.began, true) {
                filter.request_focus();
            }
            let entered = (filter.lost_focus() || path.lost_focus())
                && ui.input(|input| input.key_pressed(eframe::egui::Key::Enter));
            let left = (filter.lost_focus() || path.lost_focus())
                && ui.input(|input| input.key_pressed(eframe::egui::Key::Escape));
            let problem = self.problem(l);
            let ready = !self.filter.is_empty() && problem.is_none();
            let plots =
                keyed(ui, "plot", |ui| ui.add_enabled_ui(ready, |ui| ui.button(words::PLOT.of(l)))).inner;
            let cancels = keyed(ui, "cancel", |ui| ui.button(words::CANCEL.of(l)));
            if let Some(problem) = problem {
                ui.label(RichText::new(problem).font(theme::small_font()).color(t.error));
            }
            if ready && (plots.clicked() || entered) {
                let path = self.path.trim().to_owned();
                wish = Some(FormWish::Plot(Join { filter: self.filter.clone(), path }));
            } else if cancels.clicked() || left {
                wish = Some(FormWish::Close);
            }
        });
        wish
    }

    fn problem(&self, l: crate::words::Language) -> Option<String> {
        if self.filter.is_empty() {
            return None;
        }
        if let Err(problem) = check_filter(&self.filter) {
            return Some(filter_words::capitalised(problem, l));
        }
        parsed(&self.path).is_none().then(|| words::NO_PATH.of(l).to_owned())
    }
}
