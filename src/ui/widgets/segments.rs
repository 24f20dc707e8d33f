//! A choice among a few short words that are all visible at once.

use eframe::egui::accesskit;
use eframe::egui::{
    self, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::ui::focus::{self, Arrows};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::arrow_step;
use crate::ui::{language, theme};
use crate::words::Label;

const HEIGHT: f32 = 24.0;
const PADDING: f32 = 8.0;

/// Draws the choices side by side; arrow keys move between them. Returns what was chosen in this frame.
///
/// `current` is `None` where no choice holds at the moment.
pub fn segments<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    choices: &[(T, Label)],
    current: Option<T>,
) -> Option<T> {
    let (t, l) = (tokens(ui), language(ui));
    let color = |selected: bool| if selected { t.text } else { t.text_muted };
    let galleys: Vec<_> = choices
        .iter()
        .map(|(value, label)| {
            ui.painter().layout_no_wrap(
                label.of(l).to_owned(),
                theme::text_font(),
                color(current == Some(*value)),
            )
        })
        .collect();
    let width = galleys.iter().map(|galley| galley.size().x + 2.0 * PADDING).sum();
    let (outer, _) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    ui.painter().rect_filled(outer, size::RADIUS, t.surface_2);

    let id = ui.scope_id().with(name);
    let group = UiBuilder::new()
        .id_salt(name)
        .max_rect(outer)
        .accessibility_role(accesskit::Role::RadioGroup)
        .accessibility_label(name);
    let mut ui = ui.new_child(group);
    let mut chosen = None;
    let mut left = outer.left();
    for (index, ((value, label), galley)) in choices.iter().zip(galleys).enumerate() {
        let rect =
            Rect::from_min_size(pos2(left, outer.top()), vec2(galley.size().x + 2.0 * PADDING, HEIGHT));
        left = rect.right();
        let selected = current == Some(*value);
        let response = segment(&mut ui, id.with(index), rect, label.of(l), selected);
        if response.clicked() {
            chosen = Some(*value);
        }
        if let Some(step) = response.has_focus().then(|| arrow_step(&ui)).flatten() {
            let next = (index as isize + step).rem_euclid(choices.len() as isize) as usize;
            chosen = choices.get(next).map(|(value, _)| *value);
            ui.memory_mut(|memory| memory.request_focus(id.with(next)));
        }
        ui.painter().galley(rect.center() - galley.size() / 2.0, galley, color(selected));
    }
    chosen.filter(|chosen| current != Some(*chosen))
}

fn segment(ui: &mut Ui, id: Id, rect: Rect, label: &str, selected: bool) -> Response {
    let t = tokens(ui);
    let enabled = ui.is_enabled();
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, selected, label));
    let inner = rect.shrink(2.0);
    if selected {
        ui.painter().rect(inner, 3.0, t.surface_1, Stroke::new(1.0, t.line), StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(inner, 3.0, t.surface_3);
    }
    if response.has_focus() {
        focus::keep_arrows(ui, id, Arrows::Horizontal);
        ui.painter().rect_stroke(inner, 3.0, Stroke::new(1.5, t.accent), StrokeKind::Inside);
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}
