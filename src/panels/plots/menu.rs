//! The menu of a chart: the view, how lines are drawn, the axes, and what is copied.

use eframe::egui::{Key, Response, Ui};

use crate::panels::plots::export::ExportKind;
use crate::panels::plots::hand::{DragMode, Hand};
use crate::panels::plots::viewport::{Range, Viewport};
use crate::store::plots::{DrawAs, PlotAxes};
use crate::ui::widgets::context_menu::{self, Item, Menu};
use crate::ui::{icons, language};
use crate::words::{Label, Language, plots as words};

/// What the person asked for in the menu of a chart, beyond what changes the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartWish {
    /// Put what shows on the clipboard, or into a file.
    Export(ExportKind),
    /// Draw all lines in another way.
    Draw(DrawAs),
}

/// Every way to draw, with its label.
pub const LOOKS: [(DrawAs, Label); 6] = [
    (DrawAs::Line, words::LINE),
    (DrawAs::Step, words::STEP),
    (DrawAs::StepBefore, words::STEP_BEFORE),
    (DrawAs::Points, words::POINTS),
    (DrawAs::Bars, words::BARS),
    (DrawAs::Area, words::AREA),
];

/// Shows the menu while it is open. `look` is how all lines are drawn, `range` the visible time with values.
pub fn show(
    ui: &Ui,
    response: &Response,
    viewport: &mut Viewport,
    hand: &mut Hand,
    axes: &mut PlotAxes,
    look: Option<DrawAs>,
    range: Range,
) -> Option<ChartWish> {
    let l = language(ui);
    let at = ui.input(|input| input.time);
    let mut wish = None;
    context_menu::show(response, response.id, response.has_focus(), |menu| {
        view(menu, viewport, at, l);
        menu.separator();
        if menu.item(&Item::new(icons::ROWS, words::STATISTICS.of(l))) {
            hand.range = Some(range);
        }
        menu.submenu(words::EXPORT.of(l), |menu| {
            wish = export(menu, l).map(ChartWish::Export);
        });
        menu.separator();
        menu.submenu(words::DRAGGING.of(l), |menu| {
            for (mode, label) in DragMode::CHOICES {
                if menu.item(&Item::new("", label.of(l)).checked(Some(mode == hand.mode))) {
                    hand.mode = mode;
                }
            }
        });
        menu.submenu(words::LINE_STYLE.of(l), |menu| {
            for (style, label) in LOOKS {
                if menu.item(&Item::new("", label.of(l)).checked(Some(Some(style) == look))) {
                    wish = Some(ChartWish::Draw(style));
                }
            }
        });
        menu.separator();
        let choices = [
            (words::LOGARITHMIC_LEFT, &mut axes.left.logarithmic),
            (words::LOGARITHMIC_RIGHT, &mut axes.right.logarithmic),
            (words::OVER_FIRST, &mut axes.xy),
            (words::TIMES_IN_UTC, &mut axes.utc),
        ];
        for (label, is_on) in choices {
            if menu.item(&Item::new("", label.of(l)).checked(Some(*is_on))) {
                *is_on = !*is_on;
                // A range of values is none of logarithms.
                viewport.fit_values();
            }
        }
    });
    wish
}

fn export(menu: &mut Menu<'_>, l: Language) -> Option<ExportKind> {
    let choices = [
        (icons::COPY, words::COPY, ExportKind::CopyCsv),
        (icons::COPY, words::COPY_IMAGE, ExportKind::CopyImage),
        (icons::FLOPPY_DISK, words::SAVE_CSV, ExportKind::Csv),
        (icons::FLOPPY_DISK, words::SAVE_ALIGNED, ExportKind::Aligned),
        (icons::FLOPPY_DISK, words::SAVE_PNG, ExportKind::Png),
        (icons::FLOPPY_DISK, words::SAVE_SVG, ExportKind::Svg),
    ];
    let mut chosen = None;
    for (icon, label, kind) in choices {
        if menu.item(&Item::new(icon, label.of(l))) {
            chosen = Some(kind);
        }
    }
    chosen
}

/// The entries that change the view.
fn view(menu: &mut Menu<'_>, viewport: &mut Viewport, at: f64, l: Language) {
    let unless = |holds: bool, why: &Label| (!holds).then(|| why.of(l));
    let follow = Item::new(icons::PLAY, words::FOLLOW.of(l)).keys(Key::End.name().to_owned());
    if menu.item(&follow.unless(unless(!viewport.follows(), &words::FOLLOWS))) {
        viewport.note(at);
        viewport.follow();
    }
    let fit = Item::new(icons::ARROWS_IN_LINE_VERTICAL, words::FIT_VALUES.of(l));
    if menu.item(&fit.unless(unless(!viewport.fits_values(), &words::VALUES_FIT))) {
        viewport.note(at);
        viewport.fit_values();
    }
    let back = Item::new(icons::ARROW_LEFT, words::EARLIER_VIEW.of(l)).keys(Key::Backspace.name().to_owned());
    if menu.item(&back.unless(unless(viewport.has_earlier(), &words::NO_EARLIER_VIEW))) {
        viewport.back();
    }
}
