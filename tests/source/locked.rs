//! Finds calls that lock egui's context inside closures that run while it is already locked.

use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprMethodCall};

/// Methods whose closures run while the context is locked.
const LOCK: &[&str] = &["accesskit_node_builder", "widget_info"];
/// Our functions that lock the context.
const NEED_THE_LOCK: &[&str] = &["language"];

/// The lines in `text`, from 1, that would deadlock.
pub fn deadlocks(text: &str) -> syn::Result<Vec<usize>> {
    let mut reader = Reader { locked: false, found: Vec::new() };
    reader.visit_file(&syn::parse_file(text)?);
    Ok(reader.found)
}

struct Reader {
    locked: bool,
    found: Vec<usize>,
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.visit_expr(&call.receiver);
        let was_locked = self.locked;
        self.locked |= LOCK.contains(&call.method.to_string().as_str());
        call.args.iter().for_each(|argument| self.visit_expr(argument));
        self.locked = was_locked;
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(path) = &*call.func
            && let Some(last) = path.path.segments.last()
            && self.locked
            && NEED_THE_LOCK.contains(&last.ident.to_string().as_str())
        {
            self.found.push(last.ident.span().start().line);
        }
        visit::visit_expr_call(self, call);
    }
}
