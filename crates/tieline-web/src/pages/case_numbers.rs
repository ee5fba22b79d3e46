//! Numbers of a conflict case in words: the viewer's side's own, who has given theirs, and what came
//! out. The other side's are not here.

use tieline_model::conflict::PointKind;
use tieline_model::conflict::stage::Stage;
use tieline_model::fraction::{Fraction, as_f64};
use tieline_model::id::{PartyId, PointId};
use tieline_store::{ConflictCase, Dividing, SuggestedDeal, Worked};

/// A line that gets a number.
pub(super) struct NumberLine {
    pub(super) id: PointId,
    /// The issue that it belongs to; empty for items.
    pub(super) topic: String,
    pub(super) text: String,
    /// The viewer's side's own.
    pub(super) worth: String,
}

/// Numbers of one kind.
pub(super) struct Numbers {
    pub(super) kind: &'static str,
    pub(super) lines: Vec<NumberLine>,
    pub(super) no_deal: String,
    /// Who has given theirs, in a sentence.
    pub(super) given: String,
    /// Whether the viewer's side gives numbers now.
    pub(super) may_give: bool,
    /// Whether both have, so that they stay as they are.
    pub(super) is_sealed: bool,
    /// What came out, a sentence each.
    pub(super) outcome: Vec<String>,
}

impl NumberLine {
    /// Name of its field.
    pub(super) fn field(&self) -> String {
        format!("worth-{}", self.id)
    }
}

impl Numbers {
    /// Id of the form, for what is wrong with it.
    pub(super) fn field(&self) -> String {
        format!("numbers-{}", self.kind)
    }

    pub(super) fn is_of_choices(&self) -> bool {
        self.kind == PointKind::Choice.name()
    }
}

/// Numbers of a kind; `None` where the method does not fit: it is for two sides.
pub(super) fn numbers(case: &ConflictCase, worked: &Worked, kind: PointKind) -> Option<Numbers> {
    let two = case.two()?;
    let at = usize::from(kind == PointKind::Choice);
    let own = worked.own[at].as_ref();
    let line = |point: &tieline_store::CasePoint| NumberLine {
        id: point.id,
        topic: point.topic.clone(),
        text: point.text.clone(),
        worth: own
            .and_then(|own| own.worth.get(&point.id))
            .map_or_else(String::new, ToString::to_string),
    };
    let of_kind = case.points.iter().filter(|point| point.kind == kind);
    let mut lines: Vec<NumberLine> = of_kind.map(line).collect();
    // Choices of one issue stand together, issues in the order in which they came.
    let topics: Vec<String> = lines.iter().map(|line| line.topic.clone()).collect();
    let place = |topic: &String| topics.iter().position(|one| one == topic);
    lines.sort_by_key(|line| (place(&line.topic), line.id));
    let given: Vec<String> = worked.given[at].iter().map(|party| name(case, *party)).collect();
    let is_sealed = worked.given[at].len() == two.len();
    let is_open = (Stage::Options..=Stage::Agreement).contains(&case.stage);
    let outcome = match kind {
        PointKind::Choice => worked.deals.as_deref().map(|deals| packages(case, deals)),
        _ => worked.dividing.as_ref().map(|dividing| shares(case, two, dividing)),
    };
    Some(Numbers {
        kind: kind.name(),
        no_deal: own.map_or_else(String::new, |own| own.no_deal.to_string()),
        given: match given.is_empty() {
            true => t!("conflicts-given-nobody"),
            false => t!("conflicts-given", parties = given.join(", ")),
        },
        may_give: case.reader.side.is_some() && is_open && !is_sealed && !lines.is_empty(),
        is_sealed: is_sealed && is_open && case.reader.side.is_some(),
        outcome: outcome.unwrap_or_default(),
        lines,
    })
}

pub(super) fn name(case: &ConflictCase, party: PartyId) -> String {
    case.side(party).map(|side| side.name.clone()).unwrap_or_default()
}

fn text(case: &ConflictCase, point: PointId) -> String {
    let found = case.points.iter().find(|one| one.id == point);
    found.map(|one| one.text.clone()).unwrap_or_default()
}

fn shares(
    case: &ConflictCase,
    two: [PartyId; 2],
    dividing: &Result<Dividing, PointId>,
) -> Vec<String> {
    let dividing = match dividing {
        Ok(dividing) => dividing,
        Err(unwanted) => return vec![t!("conflicts-unwanted", item = text(case, *unwanted))],
    };
    let [first, second] = two.map(|party| name(case, party));
    let all = Fraction::from_integer(1);
    let mut told: Vec<String> = Vec::new();
    for (item, share) in &dividing.first {
        let item = text(case, *item);
        told.push(if *share == all {
            t!("conflicts-item-to", item = item, party = first.as_str())
        } else if *share == Fraction::from_integer(0) {
            t!("conflicts-item-to", item = item, party = second.as_str())
        } else {
            let (one, two) = (share.to_string(), (all - *share).to_string());
            let (a, b) = (first.as_str(), second.as_str());
            t!("conflicts-item-split", item = item, a = a, one = one, b = b, two = two)
        });
    }
    if let Some(whole) = &dividing.whole {
        let listed = |items: &Vec<PointId>| {
            let items: Vec<String> = items.iter().map(|item| text(case, *item)).collect();
            if items.is_empty() { t!("conflicts-nothing") } else { items.join(", ") }
        };
        let (one, two) = (listed(&whole[0]), listed(&whole[1]));
        told.push(t!("conflicts-whole", party = first.as_str(), one = one, two = two));
    }
    if let Some(own) = dividing.own {
        let points = format!("{:.1}", as_f64(own));
        told.push(t!("conflicts-own-points", points = points));
    }
    told
}

fn packages(case: &ConflictCase, deals: &[SuggestedDeal]) -> Vec<String> {
    if deals.is_empty() {
        return vec![t!("conflicts-no-package")];
    }
    let told = |deal: &SuggestedDeal| {
        let choice = |point: &PointId| {
            let found = case.points.iter().find(|one| one.id == *point);
            found.map(|one| format!("{}: {}", one.topic, one.text)).unwrap_or_default()
        };
        let choices: Vec<String> = deal.choices.iter().map(choice).collect();
        let package = choices.join("; ");
        match (deal.own, deal.is_egalitarian) {
            (Some(own), true) => t!("conflicts-package-own-even", package = package, gain = own),
            (Some(own), false) => t!("conflicts-package-own", package = package, gain = own),
            (None, true) => t!("conflicts-package-even", package = package),
            (None, false) => package,
        }
    };
    deals.iter().map(told).collect()
}
