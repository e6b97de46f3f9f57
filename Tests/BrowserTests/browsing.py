"""What the tests share: contexts of the browser that are signed in, and the pages to look at."""

import datetime
import zoneinfo
from contextlib import contextmanager


def today():
    """The federation's day, which is not the machine's for an hour or two each night."""
    return datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Paris")).date()


LAST_YEAR = today().year - 1
PUBLISHED = LAST_YEAR - 1  # twice, and changed since


class Browsing:
    def __init__(self, browser, site):
        self.browser = browser
        self.site = site
        for reference in ("NAVIGATEUR-1", "NAVIGATEUR-2"):
            site.run("report", "publish", "--year", str(PUBLISHED))
            site.bring("echanges", f"date;canal;structures;reference\n{PUBLISHED}-06-01;visio;DEMO-001;{reference}\n")
        with self.page() as page:
            self.structure = self.first(page, "/structures?tri=-echange", "/structures/")
            self.account = self.first(page, "/comptes?q=assistance", "/comptes/")
            self.meeting = self.first(page, "/comptes-rendus", "/comptes-rendus/")
            self.person = self.first(page, "/personnes", "/personnes/")
            self.facilitation = self.first(page, "/facilitations", "/facilitations/")
            self.facilitator = self.first(page, "/facilitateurs", "/facilitateurs/")
            self.programme = self.first(page, "/programmes", "/programmes/")
            self.sitting = self.first(page, "/seances", "/seances/")
            self.volunteer = self.first(page, "/heures", "/benevoles/")
            self.asked = self.first(page, "/facilitations?etat=proposee", "/facilitations/")
            self.claim = self.first(page, "/frais", "/frais/")
            self.reading = self.first(page, "/relectures", "/relectures/")
            self.question = self.first(page, "/questions", "/questions/")
            self.mail = self.first(page, "/courriels-recus", "/courriels-recus/")
            self.request = self.first(page, "/premiers-contacts", "/premiers-contacts/")
            self.exchange = self.first(page, f"/echanges?annee={LAST_YEAR}", "/echanges/")

    @property
    def pages(self):
        """Name and address of each page, with the status it answers."""
        return [
            ("structures", "/structures", 200),
            ("structure", self.structure, 200),
            ("historique", f"{self.structure}?o=etapes", 200),
            ("echanges", "/echanges", 200),
            ("echange", self.exchange, 200),
            ("jour", "/aujourdhui", 200),
            ("taches", "/taches", 200),
            ("personnes", "/personnes", 200),
            ("personne", self.person, 200),
            ("données d’une personne", f"{self.person}/donnees", 200),
            ("anonymiser", f"{self.person}/anonymisation", 200),
            ("consentement nouveau", "/consentements/nouveau?personne=PERS-000001", 200),
            ("données personnelles", "/donnees-personnelles", 200),
            ("à effacer", "/donnees-personnelles/echeances", 200),
            ("demandes à effacer", "/donnees-personnelles/echeances?finalite=premiers_contacts", 200),
            ("traitement modifier", "/donnees-personnelles/0000000000001/modifier", 200),
            ("organisations", "/organisations", 200),
            ("territoires", "/territoires", 200),
            ("territoire", "/territoires/est", 200),
            ("départements", "/departements", 200),
            ("département", f"/departements/38?annee={LAST_YEAR}", 200),
            ("communes", "/communes?departement=38", 200),
            ("cibles", "/cibles", 200),
            ("cible nouvelle", "/cibles/nouveau", 200),
            ("recherche", "/recherche?q=maison", 200),
            ("recherche vide", "/recherche?q=introuvable", 200),
            ("echange nouveau", "/echanges/nouveau", 200),
            ("structure modifier", f"{self.structure}/modifier", 200),
            ("structure fiche historique", f"{self.structure}/historique", 200),
            ("corbeille", "/corbeille", 200),
            ("qualité", "/qualite", 200),
            ("courriels", "/courriels", 200),
            ("courriels reçus", "/courriels-recus", 200),
            ("courriel reçu", self.mail, 200),
            ("modèles de courriel", "/modeles-courriels", 200),
            ("modèle nouveau", "/modeles-courriels/nouveau", 200),
            ("écrire", f"/courriels/nouveau?sorte=structures&fiche={self.structure[-13:]}", 200),
            ("faire confirmer", "/qualite/confirmations", 200),
            ("fiches à relire", "/qualite/fiches", 200),
            ("doublons", "/structures/doublons", 200),
            ("premiers contacts", "/premiers-contacts", 200),
            ("comptes rendus", "/comptes-rendus", 200),
            ("compte rendu", self.meeting, 200),
            ("compte rendu nouveau", "/comptes-rendus/nouveau", 200),
            ("décision nouvelle", f"{self.meeting}/decision", 200),
            ("décisions", "/decisions", 200),
            ("facilitations", "/facilitations", 200),
            ("facilitation", self.facilitation, 200),
            ("facilitation modifier", f"{self.facilitation}/modifier", 200),
            ("facilitation nouvelle", "/facilitations/nouveau", 200),
            ("invités d’une facilitation", self.asked, 200),
            ("choisir les facilitateurs", f"{self.asked}/facilitateurs", 200),
            ("facilitateurs", "/facilitateurs", 200),
            ("facilitateur", self.facilitator, 200),
            ("programmes", "/programmes", 200),
            ("programme", self.programme, 200),
            ("inscription nouvelle", "/inscriptions/nouveau", 200),
            ("séances d’un programme", "/seances-programme", 200),
            ("séance d’un programme nouvelle", "/seances-programme/nouveau", 200),
            ("commissions", "/seances", 200),
            ("commission", self.sitting, 200),
            ("dossiers", "/dossiers", 200),
            ("heures", "/heures", 200),
            ("heures nouvelles", "/heures/nouveau", 200),
            ("heures de quelqu’un", self.volunteer, 200),
            ("bénévolat d’une année", f"/benevolat/{LAST_YEAR}", 200),
            ("notes de frais", "/frais", 200),
            ("note de frais", self.claim, 200),
            ("note de frais nouvelle", "/frais/nouveau", 200),
            ("paiements", "/remboursements", 200),
            ("relectures", "/relectures", 200),
            ("relecture", self.reading, 200),
            ("relecture nouvelle", "/relectures/nouveau", 200),
            ("questions", "/questions", 200),
            ("question", self.question, 200),
            ("question nouvelle", "/questions/nouveau", 200),
            ("mises en relation", "/mises-en-relation", 200),
            ("import d’un autre logiciel", "/imports/logiciel", 200),
            ("premier contact", self.request, 200),
            ("premier contact nouveau", "/premiers-contacts/nouveau", 200),
            ("succession nouvelle", "/successions/nouveau", 200),
            ("chiffres", "/chiffres", 200),
            ("chiffre", "/chiffres?chiffre=contacts.count&par=canal", 200),
            ("croisement", "/chiffres?chiffre=structures.count&par=departement&puis=situation", 200),
            ("croisement large", f"/chiffres?chiffre=contacts.count&par=departement&puis=theme&annee={LAST_YEAR}", 200),
            ("rapport", f"/rapports/{LAST_YEAR}", 200),
            ("rapport publié", f"/rapports/{PUBLISHED}", 200),
            ("publication", f"/rapports/{LAST_YEAR}/publication", 200),
            ("édition", f"/rapports/{PUBLISHED}/editions/1", 200),
            ("édition corrigée", f"/rapports/{PUBLISHED}/editions/2", 200),
            ("fiches d’une édition", f"/rapports/{PUBLISHED}/editions/1/fiches?chiffre=contacts.minutes&annee={PUBLISHED}", 200),
            ("modifications", f"/rapports/{PUBLISHED}/modifications", 200),
            ("fiche pour le CA", "/chiffres/fiche", 200),
            ("imports", "/imports", 200),
            ("import, fichier", "/imports/nouveau?sorte=personnes", 200),
            ("vue", "/vues/nouvelle?liste=structures&requete=type%3Dmsp", 200),
            ("liste vide", "/structures?q=introuvable&type=msp", 200),
            ("avertissement", "/structures?type=inconnu", 200),
            ("compte", "/compte", 200),
            ("notifications", "/notifications", 200),
            ("comptes", "/comptes", 200),
            ("inviter", "/comptes/nouveau", 200),
            ("fiche d’un compte", self.account, 200),
            ("passer la main", f"{self.account}/passation", 200),
            ("passer sa main", "/compte/passation", 200),
            ("suivis vacants", "/suivis/vacants", 200),
            ("droits", "/droits", 200),
            ("404", "/inconnue", 404),
        ]

    @contextmanager
    def page(self, signed_in=True, **options):
        # No transition between pages: the browser names each that a fast reader cuts short, as a fault of the page.
        options = {"reduced_motion": "reduce", **options}
        context = self.browser.new_context(locale="fr-FR", base_url=self.site.address, **options)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: self.note(page, message))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("request", lambda request: self.refuse_elsewhere(page, request))
        try:
            if signed_in:
                self.sign_in(page)
                page.goto("/structures")
            yield page
        finally:
            context.close()

    @staticmethod
    def note(page, message):
        # The browser reports the status of a page asked for on purpose, and of a form refused on purpose.
        expected = any(f"the server responded with a status of {status}" in message.text for status in (404, 422))
        if message.type in ("error", "warning") and not expected:
            page.faults.append(message.text)

    def refuse_elsewhere(self, page, request):
        if not request.url.startswith((self.site.address, "data:")):
            page.faults.append(f"asks another host: {request.url}")

    def sign_in(self, page):
        self.enter(page, self.site.email, self.site.password, "**/aujourdhui")

    def sign_in_as_facilitator(self, page):
        self.enter(page, "facilitateur@demonstration.example", "demonstration-facilitateur", "**/mon-espace")

    @staticmethod
    def enter(page, email, password, first):
        page.goto("/connexion")
        page.fill("#courriel", email)
        page.fill("#mot_de_passe", password)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        page.wait_for_url(first)

    @staticmethod
    def first(page, listing, beginning):
        page.goto(listing)
        return page.locator(f"main tbody a[href^='{beginning}']").first.get_attribute("href")


def equal(found, wanted, what=""):
    assert found == wanted, f"{what}: {found!r} instead of {wanted!r}"
