//! What column headers mean, in English, German, French, Dutch and Spanish.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::directory::Field;

/// A header in comparable form: lower case, accents dropped, words separated by single blanks.
pub(crate) fn folded(header: &str) -> String {
    let mut text = String::with_capacity(header.len());
    let mut previous_lower = false;
    for c in header.chars() {
        // camelCase and snake_case are words too.
        if c.is_uppercase() && previous_lower {
            text.push(' ');
        }
        previous_lower = c.is_lowercase();
        for c in c.to_lowercase() {
            match c {
                '\u{e0}'..='\u{e5}' => text.push('a'),
                '\u{e7}' => text.push('c'),
                '\u{e8}'..='\u{eb}' => text.push('e'),
                '\u{ec}'..='\u{ef}' => text.push('i'),
                '\u{f1}' => text.push('n'),
                '\u{f2}'..='\u{f6}' => text.push('o'),
                '\u{f9}'..='\u{fc}' => text.push('u'),
                '\u{df}' => text.push_str("ss"),
                c if c.is_alphanumeric() => text.push(c),
                _ => text.push(' '),
            }
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Headers that mean one thing, with `|` between them. Compared whole, folded.
const EXACT: &[(Field, &str)] = &[
    (
        Field::Name,
        "name|full name|fullname|display name|displayname|employee name|employee|\
         person|staff member|staff name|contact name|cn|mitarbeiter|mitarbeiterin|\
         vollstandiger name|anzeigename|nom complet|nom et prenom|nom prenom|naam|\
         volledige naam|medewerker|nombre completo|nombre y apellidos|empleado|who|\
         member|member name|canonical name",
    ),
    (
        Field::Given,
        "first name|firstname|given name|givenname|forename|forenames|first|vorname|\
         rufname|prenom|voornaam|roepnaam|nombre|nombres",
    ),
    (
        Field::Family,
        "last name|lastname|surname|family name|familyname|sn|last|nachname|\
         familienname|zuname|nom|nom de famille|achternaam|apellido|apellidos",
    ),
    (
        Field::Email,
        "email|e mail|mail|email address|e mail address|mail address|work email|\
         business email|primary email|email 1|user principal name|upn|e mail adresse|\
         mailadresse|emailadresse|dienstliche e mail|courriel|adresse e mail|\
         adresse mail|adresse electronique|adresse email|e mailadres|emailadres|\
         mailadres|correo|correo electronico|contact e mail|contact email|\
         canonical email|email 2|secondary email|other email|private email",
    ),
    (
        Field::Phone,
        "phone|telephone|tel|phone number|telephone number|mobile|mobile phone|cell|\
         work phone|business phone|office phone|extension|contact phone|telefon|\
         telefonnummer|mobil|handy|durchwahl|telefoon|telefoonnummer|mobiel|portable|\
         numero de telephone|telefono|movil",
    ),
    (
        Field::Reference,
        "id|employee id|employeeid|employee number|employee no|emp id|staff id|\
         staff number|staff no|person id|personnel number|payroll number|user id|\
         userid|username|user name|login|uid|samaccountname|account|\
         post unique reference|post reference|position id|post id|personalnummer|\
         personal nr|personalnr|mitarbeiternummer|benutzername|kennung|matricule|\
         identifiant|personeelsnummer|gebruikersnaam|numero de empleado|usuario|\
         worker id|associate id",
    ),
    (
        Field::Organisation,
        "organisation|organization|company|company name|employer|institution|\
         organisation name|organization name|org|legal entity|firma|unternehmen|\
         einrichtung|gesellschaft|tragerorganisation|societe|entreprise|organisme|\
         etablissement|bedrijf|organisatie|werkgever|empresa|organizacion|entidad|\
         compania|affiliation",
    ),
    (
        Field::Unit,
        "department|dept|dept name|department name|unit|team|division|section|\
         business unit|org unit|organisational unit|organizational unit|directorate|\
         group|branch|faculty|school|service|sub team|subteam|cost center|cost centre|\
         abteilung|bereich|referat|organisationseinheit|fachbereich|dezernat|amt|\
         sachgebiet|departement|direction|equipe|unite|pole|afdeling|eenheid|directie|\
         departamento|area|unidad|equipo|seccion|gruppe|team name|function|\
         department unit",
    ),
    (
        Field::Title,
        "title|job title|jobtitle|position|position title|role|job|designation|\
         occupation|post title|titel|stelle|funktion|stellenbezeichnung|\
         berufsbezeichnung|poste|fonction|intitule du poste|titre|functie|functietitel|\
         rol|puesto|cargo|job role",
    ),
    (
        Field::Grade,
        "grade|grade or equivalent|level|band|pay band|job level|salary grade|\
         job grade|besoldungsgruppe|entgeltgruppe|vergutungsgruppe|schaal|niveau|\
         echelon|nivel|categoria",
    ),
    (
        Field::Location,
        "location|office|site|city|work location|office location|building|place|\
         standort|ort|dienstort|dienstsitz|lieu|ville|bureau|locatie|vestiging|stad|\
         plaats|ubicacion|ciudad|sede|base",
    ),
    (
        Field::Manager,
        "manager|manager name|manager email|manager e mail|manager id|line manager|\
         line manager email|line manager name|reports to|reports to email|supervisor|\
         supervisor name|supervisor email|boss|reports to senior post|reportsto|\
         reporting to|reporting manager|superior|managed by|lead|team lead|\
         vorgesetzter|vorgesetzte|vorgesetzte r|fuhrungskraft|leitung|berichtet an|\
         responsable|superieur|superieur hierarchique|n 1|leidinggevende|\
         rapporteert aan|jefe|reporta a|supervisor id|manager employee id",
    ),
    (
        Field::From,
        "from|start|start date|startdate|from date|date from|hire date|hired|joined|\
         join date|joining date|date joined|valid from|effective from|effective date|\
         since|date of joining|begin|begin date|commenced|von|seit|beginn|eintritt|\
         eintrittsdatum|gultig ab|ab|du|debut|date de debut|date d entree|depuis|van|\
         vanaf|begindatum|startdatum|in dienst|datum in dienst|desde|inicio|\
         fecha de inicio|fecha de alta",
    ),
    (
        Field::To,
        "to|end|end date|enddate|to date|date to|until|valid to|valid until|\
         effective to|left|leaving date|date left|leave date|termination date|\
         terminated|exit date|bis|ende|austritt|austrittsdatum|gultig bis|au|fin|\
         date de fin|date de sortie|tot|tot en met|einddatum|uit dienst|\
         datum uit dienst|hasta|fecha de fin|fecha de baja",
    ),
];

/// [`EXACT`] by word; of words listed twice the first place counts.
static INDEX: LazyLock<HashMap<&str, Field>> = LazyLock::new(|| {
    let pairs = EXACT.iter().rev().flat_map(|(field, words)| words.split('|').map(|w| (w, *field)));
    pairs.collect()
});

/// Words inside longer headers, in the order in which they decide.
const CONTAINED: &[(Field, &str)] = &[
    (Field::Manager, "manager|reports to|supervisor|vorgesetz|leidinggevende|superieur|jefe"),
    (Field::Email, "email|e mail|courriel|correo"),
    (Field::Phone, "phone|telefon|mobile|telefoon"),
    (Field::Given, "first name|given name|vorname|prenom|voornaam"),
    (Field::Family, "last name|surname|family name|nachname|achternaam|apellido"),
    (Field::From, "start date|valid from|hire date|join"),
    (Field::To, "end date|valid to|valid until|termination"),
    (Field::Title, "job title|position title|role title"),
    (Field::Unit, "department|abteilung|division|departement|afdeling|departamento|org unit"),
    (Field::Organisation, "organisation|organization|company|employer"),
    (Field::Reference, "employee id|employee number|staff id|unique reference"),
    (Field::Location, "location|standort"),
    (Field::Grade, "grade"),
    (Field::Name, "full name|display name|employee name|person name"),
];

/// Headers whose words mislead: what they hold is about something else.
const MISLEADING: [&str; 14] = [
    "salary",
    "cost of",
    "display name of",
    "parent department",
    "manager count",
    "source",
    "number of",
    "pay floor",
    "pay ceiling",
    "email count",
    "phone type",
    "email type",
    "notes",
    "department code",
];

/// What a header means, and whether the whole header says so (or only a word in it).
pub(crate) fn field_of(header: &str) -> Option<(Field, bool)> {
    let folded = folded(header);
    // No header is as long as a paragraph.
    if folded.is_empty()
        || folded.len() > 80
        || MISLEADING.iter().any(|words| folded.contains(words))
    {
        return None;
    }
    // "E-mail 1", "Phone 2", "Unit 3", "Level 1 department".
    let bare = folded.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let bare = if bare.is_empty() { folded.as_str() } else { bare };
    if let Some(field) = INDEX.get(folded.as_str()).or_else(|| INDEX.get(bare)) {
        return Some((*field, true));
    }
    let found =
        CONTAINED.iter().find(|(_, words)| words.split('|').any(|word| folded.contains(word)));
    found.map(|(field, _)| (*field, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_five_languages_are_understood() {
        for (header, field) in [
            ("E-Mail-Adresse", Field::Email),
            ("EmailAddress", Field::Email),
            ("Vorname", Field::Given),
            ("Pr\u{e9}nom", Field::Given),
            ("Achternaam", Field::Family),
            ("Apellidos", Field::Family),
            ("Abteilung", Field::Unit),
            ("Unit 2", Field::Unit),
            ("Reports to Senior Post", Field::Manager),
            ("Line Manager's Email", Field::Manager),
            ("F\u{fc}hrungskraft", Field::Manager),
            ("Post Unique Reference", Field::Reference),
            ("Eintrittsdatum", Field::From),
            ("jobTitle", Field::Title),
            ("Soci\u{e9}t\u{e9}", Field::Organisation),
        ] {
            assert_eq!(field_of(header).map(|(f, _)| f), Some(field), "{header}");
        }
        for header in
            ["", "Salary Cost of Reports (\u{a3})", "Number of Posts in FTE", "Valid?", "URI"]
        {
            assert_eq!(field_of(header), None, "{header}");
        }
    }
}
