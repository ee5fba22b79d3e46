//! The mail of the demo world: conversations along planned ties, a discussion list, and everything
//! that is no tie (newsletters, machines, role mailboxes, broadcasts).

use jiff::Timestamp;

use super::cast::{ADVICE, BEACON, COLLEGE, COUNCIL, Cast, EASTGATE, FENWICK, TALLOW};
use super::clock::{self, DAYS, Local};
use super::dice::Dice;
use super::names;
use super::plan::{Plan, PlannedTie};

/// What a message is; decides its headers and whether ties may be made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Person to person.
    Personal,
    /// On the discussion list.
    List,
    /// On the newsletter: same headers as the list, one sender, no answers.
    Newsletter,
    /// From a no-reply address.
    Automated,
    /// Out of office, with Auto-Submitted.
    AutoReply,
    /// A delivery report.
    Bounce,
    /// From a role mailbox.
    FromRole,
    /// List-Unsubscribe without a List-Id.
    Bulk,
    /// To more than `max_group` people.
    Broadcast,
}

impl Kind {
    /// The word of the importers for why it is left out; `None` when it is kept.
    pub(crate) const fn left_out(self) -> Option<&'static str> {
        match self {
            Self::Personal | Self::List => None,
            Self::Newsletter => Some("newsletter"),
            Self::Automated => Some("automated-sender"),
            Self::AutoReply => Some("auto-submitted"),
            Self::Bounce => Some("delivery-report"),
            Self::FromRole => Some("role-mailbox"),
            Self::Bulk => Some("bulk"),
            Self::Broadcast => Some("broadcast"),
        }
    }
}

/// A message, independent of the archives that hold copies.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// When it was written.
    pub(crate) local: Local,
    /// The same in UTC.
    pub(crate) at: Timestamp,
    /// Offset of UK clocks then, in hours.
    pub(crate) offset: i64,
    /// Sender, as a mailbox.
    pub(crate) from: usize,
    /// Mailboxes in To.
    pub(crate) to: Vec<usize>,
    /// Mailboxes in Cc.
    pub(crate) cc: Vec<usize>,
    /// The message answered.
    pub(crate) parent: Option<usize>,
    /// Index of its subject.
    pub(crate) subject: usize,
    /// What it is.
    pub(crate) kind: Kind,
    /// Whether the Message-ID header is missing.
    pub(crate) no_id: bool,
}

/// All mail, sorted by time.
pub(crate) struct Mail {
    /// The messages.
    pub(crate) messages: Vec<Message>,
    /// Address of the discussion list.
    pub(crate) list: usize,
    /// Address of the newsletter.
    pub(crate) newsletter: usize,
    /// People on the discussion list.
    pub(crate) subscribers: Vec<usize>,
}

/// Identifiers of the two lists.
pub(crate) const LIST_ID: &str = "warm-homes.lists.northmoor-forum.example";
/// The newsletter's.
pub(crate) const NEWSLETTER_ID: &str = "news.lists.northmoor-forum.example";

struct Writer<'a> {
    cast: &'a Cast,
    plan: &'a Plan,
    dice: Dice,
    leave: Vec<Vec<(i64, i64)>>,
    messages: Vec<Message>,
}

/// Writes all mail.
pub(crate) fn write(cast: &mut Cast, plan: &Plan) -> Mail {
    let list = cast.add_mailbox("warm-homes@lists.northmoor-forum.example", "Warm Homes");
    let newsletter = cast.add_mailbox("news@lists.northmoor-forum.example", "Warm Homes News");
    let editor = cast.add_mailbox("editor@northmoor-forum.example", "Northmoor Forum");
    let helpdesk = cast.add_mailbox("no-reply@northmoor-council.example", "IT Service Desk");
    let role = cast.add_mailbox("info@beacon-homes.example", "Beacon Homes");
    let trade = cast.add_mailbox("weekly@trade-bulletin.example", "Trade Bulletin");
    let daemon =
        cast.add_mailbox("mailer-daemon@mail.northmoor-council.example", "Mail Delivery Subsystem");
    let mut dice = Dice::new(3);
    let leave = holidays(cast, &mut dice);
    let subscribers = subscribers(cast, &mut dice);
    let mut writer = Writer { cast, plan, dice, leave, messages: Vec::new() };
    for tie in &plan.ties {
        writer.tie(tie);
    }
    writer.discussions(list, &subscribers);
    writer.strangers();
    writer.broadcasts();
    writer.role_mailbox(role);
    writer.machines(helpdesk, trade, daemon);
    writer.newsletter(newsletter, editor);
    writer.last_word();
    let messages = in_order(&writer.messages);
    Mail { messages, list, newsletter, subscribers }
}

/// Two weeks in summer and some days elsewhere, for each person.
fn holidays(cast: &Cast, dice: &mut Dice) -> Vec<Vec<(i64, i64)>> {
    cast.people
        .iter()
        .map(|_| {
            let mut away = Vec::new();
            for july in [clock::day_of(2025, 7, 7), clock::day_of(2026, 7, 6)] {
                let from = july + dice.between(0, 6) * 7;
                away.push((from, from + if dice.percent(60) { 14 } else { 7 }));
            }
            let from = clock::day_of(2025, 10, 6) + dice.between(0, 24) * 7;
            away.push((from, from + 5));
            away
        })
        .collect()
}

/// People of the discussion list: partners and those council departments that deal with them.
fn subscribers(cast: &Cast, dice: &mut Dice) -> Vec<usize> {
    let mut people = Vec::new();
    for (org, n) in
        [(BEACON, 9), (COLLEGE, 6), (ADVICE, 4), (FENWICK, 5), (TALLOW, 4), (EASTGATE, 5)]
    {
        people.extend(dice.some(&cast.org(org), n));
    }
    for (unit, n) in [("Housing", 6), ("Communities", 5), ("Planning", 4)] {
        people.extend(cast.unit(unit).iter().take(n));
    }
    people.retain(|person| *person != cast.mover);
    people
}

/// Sorts by time; parents keep pointing at the same message.
fn in_order(messages: &[Message]) -> Vec<Message> {
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_key(|i| (messages[*i].at, *i));
    let mut place = vec![0; messages.len()];
    for (new, old) in order.iter().enumerate() {
        place[*old] = new;
    }
    let mut sorted: Vec<Message> = order.iter().map(|old| messages[*old].clone()).collect();
    for message in &mut sorted {
        message.parent = message.parent.map(|parent| place[parent]);
    }
    sorted
}

impl Writer<'_> {
    /// All conversations of one planned tie.
    fn tie(&mut self, tie: &PlannedTie) {
        let mut day = tie.from + self.dice.between(0, tie.every - 1);
        while day < tie.to {
            let skipped = clock::is_summer(day) && self.dice.percent(40);
            if !skipped {
                let (a, b) = if self.dice.percent(50) { (tie.a, tie.b) } else { (tie.b, tie.a) };
                self.conversation(a, b, day, tie.to);
            }
            // Weekly people stay weekly; the others are less regular.
            let swing = tie.every / 5;
            day += (tie.every + self.dice.between(-swing, swing)).max(2);
        }
    }

    fn conversation(&mut self, a: usize, b: usize, day: i64, end: i64) {
        let day = clock::next_working(self.back_at_work(a, day));
        let local = Local::at_work(day, &mut self.dice);
        let subject = self.dice.below(names::SUBJECTS.len());
        let (mut to, mut cc) = (vec![b], Vec::new());
        if self.dice.percent(18) {
            let common = self.common(a, b, day);
            let n = 1 + self.dice.below(3);
            let more = self.dice.some(&common, n);
            if self.dice.percent(40) { to.extend(more) } else { cc.extend(more) }
        }
        let everyone: Vec<usize> = to.iter().chain(&cc).copied().chain([a]).collect();
        let Some(mut last) = self.send(local, a, &to, &cc, None, subject, end) else { return };
        let (mut here, mut there) = (b, a);
        let mut when = local;
        let mut chance = 42;
        while self.dice.percent(chance) {
            when = when.answer(&mut self.dice);
            when.day = clock::next_working(self.back_at_work(here, when.day));
            let copied: Vec<usize> = if self.dice.percent(50) {
                let known =
                    |p: &usize| *p != here && *p != there && self.plan.knows(here, *p, when.day);
                everyone.iter().copied().filter(known).collect()
            } else {
                Vec::new()
            };
            let sent = self.send(when, here, &[there], &copied, Some(last), subject, end);
            let Some(next) = sent else { return };
            last = next;
            std::mem::swap(&mut here, &mut there);
            chance = chance * 3 / 5;
        }
    }

    /// People whom both know, so that a copy makes no tie that was not planned.
    fn common(&self, a: usize, b: usize, day: i64) -> Vec<usize> {
        let alters = self.plan.alters(a, day);
        alters.into_iter().filter(|p| *p != b && self.plan.knows(*p, b, day)).collect()
    }

    /// The day itself, or the first after the person's holiday.
    fn back_at_work(&self, person: usize, day: i64) -> i64 {
        let away = self.leave[person].iter().find(|away| (away.0..away.1).contains(&day));
        away.map_or(day, |away| away.1)
    }

    #[allow(clippy::too_many_arguments, reason = "a message has this many parts")]
    fn send(
        &mut self,
        local: Local,
        from: usize,
        to: &[usize],
        cc: &[usize],
        parent: Option<usize>,
        subject: usize,
        end: i64,
    ) -> Option<usize> {
        if local.day >= end.min(DAYS) || local.day < 0 {
            return None;
        }
        let boxes: Vec<usize> = to.iter().map(|p| self.cast.mailbox_on(*p, local.day)).collect();
        let copies = cc.iter().map(|p| self.cast.mailbox_on(*p, local.day)).collect();
        let from_box = self.sender_mailbox(from, local.day);
        let sent = self.push(local, from_box, boxes, copies, parent, subject, Kind::Personal);
        let away: Vec<usize> =
            to.iter().copied().filter(|p| self.back_at_work(*p, local.day) != local.day).collect();
        for person in away {
            if self.dice.percent(35) {
                let reply = Local { minute: local.minute + 1, ..local };
                let sender = self.cast.mailbox_on(person, local.day);
                let to = vec![from_box];
                self.push(reply, sender, to, Vec::new(), Some(sent), subject, Kind::AutoReply);
            }
        }
        Some(sent)
    }

    /// People with two addresses write from the second one now and then.
    fn sender_mailbox(&mut self, person: usize, day: i64) -> usize {
        let boxes = &self.cast.people[person].mailboxes;
        let has_second = person != self.cast.mover && boxes.len() > 1;
        if has_second && self.dice.percent(18) {
            boxes[1]
        } else {
            self.cast.mailbox_on(person, day)
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a message has this many parts")]
    fn push(
        &mut self,
        local: Local,
        from: usize,
        to: Vec<usize>,
        cc: Vec<usize>,
        parent: Option<usize>,
        subject: usize,
        kind: Kind,
    ) -> usize {
        let (at, offset) = local.utc();
        let no_id = kind == Kind::Personal && parent.is_none() && self.messages.len() % 211 == 7;
        self.messages.push(Message {
            local,
            at,
            offset,
            from,
            to,
            cc,
            parent,
            subject,
            kind,
            no_id,
        });
        self.messages.len() - 1
    }

    /// Threads on the discussion list: anyone may open one, those who know the author answer.
    fn discussions(&mut self, list: usize, subscribers: &[usize]) {
        for _ in 0..170 {
            let day = clock::next_working(self.dice.between(0, DAYS - 6));
            let Some(author) = self.dice.pick(subscribers) else { return };
            let subject = self.dice.below(names::SUBJECTS.len());
            let mut when = Local::at_work(day, &mut self.dice);
            let mut answered = author;
            let from = self.cast.mailbox_on(author, day);
            let opener = self.push(when, from, vec![list], Vec::new(), None, subject, Kind::List);
            let mut last = opener;
            for _ in 0..self.dice.below(6) {
                let knows = |p: &usize| *p != answered && self.plan.knows(*p, answered, when.day);
                let who: Vec<usize> = subscribers.iter().copied().filter(knows).collect();
                let Some(replier) = self.dice.pick(&who) else { break };
                when = when.answer(&mut self.dice);
                if when.day >= DAYS {
                    break;
                }
                let from = self.cast.mailbox_on(replier, when.day);
                let author_box = self.cast.mailbox_on(answered, when.day);
                let direct = self.dice.percent(40);
                let (to, cc) =
                    if direct { (vec![author_box], vec![list]) } else { (vec![list], Vec::new()) };
                last = self.push(when, from, to, cc, Some(last), subject, Kind::List);
                answered = replier;
            }
        }
    }

    /// Single messages between people who have no tie: the noise every mailbox has. Never between
    /// Housing and Public Health, council and trust, or council and Warm Hearth.
    fn strangers(&mut self) {
        let everyone: Vec<usize> =
            (0..self.cast.people.len()).filter(|p| self.cast.writes(*p)).collect();
        for _ in 0..260 {
            let (Some(a), Some(b)) = (self.dice.pick(&everyone), self.dice.pick(&everyone)) else {
                return;
            };
            let day = clock::next_working(self.dice.between(0, DAYS - 6));
            let same_org = self.cast.org_on(a, day) == self.cast.org_on(b, day);
            let apart = |one: &str, other: &str| {
                (self.cast.unit_name(a) == one && self.cast.unit_name(b) == other)
                    || (self.cast.unit_name(b) == one && self.cast.unit_name(a) == other)
            };
            let fits = a != b && same_org && !apart("Housing", "Public Health");
            if fits && !self.plan.knows(a, b, day) {
                let local = Local::at_work(day, &mut self.dice);
                let subject = self.dice.below(names::SUBJECTS.len());
                self.send(local, a, &[b], &[], None, subject, DAYS);
            }
        }
    }

    /// Letters to all from the chief executive: every four weeks, to more than `max_group` people.
    fn broadcasts(&mut self) {
        let chief = self.cast.unit("Chief Executive's Office")[0];
        let staff = self.cast.org(COUNCIL);
        let from = self.cast.mailbox_on(chief, 0);
        for round in 0..19 {
            let local = Local::at_work(clock::next_working(10 + round * 28), &mut self.dice);
            let n = 30 + self.dice.below(20);
            let others: Vec<usize> = staff.iter().copied().filter(|p| *p != chief).collect();
            let readers = self.dice.some(&others, n);
            let to = readers.iter().map(|p| self.cast.mailbox_on(*p, local.day)).collect();
            let subject = self.dice.below(names::SUBJECTS.len());
            self.push(local, from, to, Vec::new(), None, subject, Kind::Broadcast);
        }
    }

    /// A role mailbox that writes to people, and is written to.
    fn role_mailbox(&mut self, role: usize) {
        let readers: Vec<usize> =
            [COUNCIL, BEACON, COLLEGE].iter().flat_map(|org| self.cast.org(*org)).collect();
        for _ in 0..110 {
            let Some(reader) = self.dice.pick(&readers) else { return };
            let day = clock::next_working(self.dice.between(0, DAYS - 6));
            let local = Local::at_work(day, &mut self.dice);
            let subject = self.dice.below(names::SUBJECTS.len());
            let person = self.cast.mailbox_on(reader, day);
            let question =
                self.push(local, person, vec![role], Vec::new(), None, subject, Kind::Personal);
            if self.dice.percent(80) {
                let when = local.answer(&mut self.dice);
                if when.day < DAYS {
                    let to = vec![person];
                    let kind = Kind::FromRole;
                    self.push(when, role, to, Vec::new(), Some(question), subject, kind);
                }
            }
        }
    }

    /// The service desk, a trade bulletin, and delivery reports.
    fn machines(&mut self, helpdesk: usize, trade: usize, daemon: usize) {
        let staff = self.cast.org(COUNCIL);
        for (n, from, kind) in
            [(240, helpdesk, Kind::Automated), (78, trade, Kind::Bulk), (14, daemon, Kind::Bounce)]
        {
            for _ in 0..n {
                let Some(reader) = self.dice.pick(&staff) else { return };
                let day = clock::next_working(self.dice.between(0, DAYS - 6));
                let local = Local::at_work(day, &mut self.dice);
                let subject = self.dice.below(names::SUBJECTS.len());
                let to = vec![self.cast.mailbox_on(reader, day)];
                self.push(local, from, to, Vec::new(), None, subject, kind);
            }
        }
    }

    fn newsletter(&mut self, newsletter: usize, editor: usize) {
        for week in 0..78 {
            let day = 6 + week * 7;
            if clock::is_working(day) && day < DAYS {
                let local = Local { day, minute: 7 * 60 + 30, second: 0 };
                let subject = week as usize % names::SUBJECTS.len();
                let to = vec![newsletter];
                self.push(local, editor, to, Vec::new(), None, subject, Kind::Newsletter);
            }
        }
    }

    /// The newest message: everything is "as of" its moment.
    fn last_word(&mut self) {
        let (a, b) = (self.cast.who("Priya", "Nair"), self.cast.who("Helena", "Kowalczyk"));
        let local = Local { day: DAYS - 1, minute: 18 * 60 + 40, second: 0 };
        let (from, to) = (self.cast.mailbox_on(a, local.day), self.cast.mailbox_on(b, local.day));
        self.push(local, from, vec![to], Vec::new(), None, 3, Kind::Personal);
    }
}
