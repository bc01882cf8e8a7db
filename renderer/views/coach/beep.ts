// A tone for eyes that are on the board; made here, so that no file is needed.

const hertz = 880;
const seconds = 0.35;

/** Beeps once. Says nothing where there is no sound to be had. */
export function beep(): void {
  try {
    const context = new AudioContext();
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.25, context.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + seconds);
    tone.connect(volume).connect(context.destination);
    tone.onended = () => void context.close().catch(() => undefined);
    tone.start();
    tone.stop(context.currentTime + seconds);
  } catch {
    // No sound device: picture and words say the same.
  }
}
